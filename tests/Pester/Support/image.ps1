#Requires -Version 5.1

# Pictures made on the spot.

function New-TestImage {
    <#
    .SYNOPSIS
    Writes a valid grey PNG, another one for each shade, and gives its FileInfo.
    #>
    [CmdletBinding()]
    [OutputType([IO.FileInfo])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A test fixture')]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Path,
        [Parameter(Position = 1)] [int] $Width = 320,
        [Parameter(Position = 2)] [int] $Height = 320,
        [byte] $Shade = 128)

    # Each row begins with the filter that it has: none.
    $row = [byte[]] (@(0) + @($Shade) * $Width)
    $pixels = [IO.MemoryStream]::new()
    $deflate = [IO.Compression.DeflateStream]::new($pixels, [IO.Compression.CompressionLevel]::Fastest)
    for ($y = 0; $y -lt $Height; $y++) { $deflate.Write($row, 0, $row.Length) }
    $deflate.Dispose()
    $zlib = [byte[]] (0x78, 0x01) + $pixels.ToArray() + (ConvertTo-BigEndian (Get-Adler32 $Width $Height $Shade))

    $png = [byte[]] (0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A)
    $header = (ConvertTo-BigEndian $Width) + (ConvertTo-BigEndian $Height) + [byte[]](8, 0, 0, 0, 0)
    foreach ($chunk in @{ Type = 'IHDR'; Data = $header }, @{ Type = 'IDAT'; Data = $zlib }, @{ Type = 'IEND'; Data = [byte[]]@() }) {
        $named = [Text.Encoding]::ASCII.GetBytes($chunk.Type) + $chunk.Data
        $png += (ConvertTo-BigEndian $chunk.Data.Length) + $named + (ConvertTo-BigEndian (Get-Crc32 $named))
    }

    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($full))
    [IO.File]::WriteAllBytes($full, $png)
    [IO.FileInfo]::new($full)
}

function ConvertTo-BigEndian {
    [OutputType([byte[]])]
    param([uint32] $Number)

    $bytes = [BitConverter]::GetBytes($Number)
    [Array]::Reverse($bytes)
    , $bytes
}

function Get-Crc32 {
    [OutputType([uint32])]
    param([byte[]] $Data)

    [uint32] $crc = 0xFFFFFFFFL
    foreach ($byte in $Data) {
        $crc = $crc -bxor $byte
        for ($bit = 0; $bit -lt 8; $bit++) {
            $crc = if ($crc -band 1) { ($crc -shr 1) -bxor 0xEDB88320L } else { $crc -shr 1 }
        }
    }

    $crc -bxor 0xFFFFFFFFL
}

# Of rows that are all alike: 0, and then the shade so often.
function Get-Adler32 {
    [OutputType([uint32])]
    param([int] $Width, [int] $Height, [byte] $Shade)

    [long] $low = 1
    [long] $high = 0
    for ($y = 0; $y -lt $Height; $y++) {
        $high = ($high + ($Width + 1) * $low + $Shade * $Width * ($Width + 1) / 2) % 65521
        $low = ($low + $Shade * $Width) % 65521
    }

    [uint32] (($high -shl 16) -bor $low)
}

function New-TestPhoto {
    <#
    .SYNOPSIS
    Writes a valid grey JPEG, another one for each comment, and gives its FileInfo.
    #>
    [CmdletBinding()]
    [OutputType([IO.FileInfo])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A test fixture')]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Path,
        [Parameter(Position = 1)] [int] $Width = 320,
        [Parameter(Position = 2)] [int] $Height = 320,
        [string] $Comment = $Path)

    # Two bits a block: no difference in brightness, and the end of the block.
    $blocks = [Math]::Ceiling($Width / 8) * [Math]::Ceiling($Height / 8)
    $scan = [byte[]]::new([Math]::Ceiling($blocks / 4))
    $scan[-1] = 0xFF -shr ((($blocks - 1) % 4 * 2) + 2)
    $oneCode = [byte[]] (@(1) + @(0) * 16)
    $jpeg = [byte[]] (0xFF, 0xD8) +
        (ConvertTo-JpegSegment 0xFE ([Text.Encoding]::UTF8.GetBytes($Comment))) +
        (ConvertTo-JpegSegment 0xDB (@(0) + @(1) * 64)) +
        (ConvertTo-JpegSegment 0xC0 (8, ($Height -shr 8), ($Height -band 0xFF), ($Width -shr 8), ($Width -band 0xFF), 1, 1, 0x11, 0)) +
        (ConvertTo-JpegSegment 0xC4 (@(0x00) + $oneCode)) +
        (ConvertTo-JpegSegment 0xC4 (@(0x10) + $oneCode)) +
        (ConvertTo-JpegSegment 0xDA (1, 1, 0, 0, 63, 0)) + $scan + [byte[]] (0xFF, 0xD9)

    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($full))
    [IO.File]::WriteAllBytes($full, $jpeg)
    [IO.FileInfo]::new($full)
}

function ConvertTo-JpegSegment {
    [OutputType([byte[]])]
    param([byte] $Marker, [byte[]] $Content)

    $length = $Content.Length + 2
    , ([byte[]] (0xFF, $Marker, ($length -shr 8), ($length -band 0xFF)) + $Content)
}
