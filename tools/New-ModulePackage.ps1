#Requires -Version 5.1
<#
.SYNOPSIS
Packs a module folder as a gallery does, without network and without NuGet: <name>.<version>.nupkg.
.PARAMETER ModulePath
The module's folder, with its manifest in it.
.PARAMETER Destination
The folder that gets the package.
#>
[CmdletBinding(SupportsShouldProcess)]
[OutputType([IO.FileInfo])]
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [Parameter(Mandatory)] [string] $Destination)

$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.IO.Compression, System.IO.Compression.FileSystem

function ConvertTo-XmlText([string] $Text) { [Security.SecurityElement]::Escape($Text) }

function Get-Tag($Manifest) {
    $commands = @($Manifest.ExportedCmdlets.Keys) + @($Manifest.ExportedFunctions.Keys)
    $Manifest.Tags
    'PSModule'
    if ($Manifest.ExportedCmdlets.Count -gt 0) { 'PSIncludes_Cmdlet' }
    $Manifest.ExportedCmdlets.Keys | ForEach-Object { "PSCmdlet_$_" }
    if ($Manifest.ExportedFunctions.Count -gt 0) { 'PSIncludes_Function' }
    $Manifest.ExportedFunctions.Keys | ForEach-Object { "PSFunction_$_" }
    $commands | ForEach-Object { "PSCommand_$_" }
}

function Get-NuSpec($Manifest, [string] $Version) {
    $data = $Manifest.PrivateData.PSData
    $fields = [ordered]@{
        id                       = $Manifest.Name
        version                  = $Version
        authors                  = $Manifest.Author
        owners                   = $Manifest.CompanyName
        requireLicenseAcceptance = ([string] [bool] $data.RequireLicenseAcceptance).ToLowerInvariant()
        licenseUrl               = $data.LicenseUri
        projectUrl               = $data.ProjectUri
        description              = $Manifest.Description
        releaseNotes             = $data.ReleaseNotes
        copyright                = $Manifest.Copyright
        tags                     = @(Get-Tag $Manifest) -join ' '
    }
    $metadata = $fields.Keys | Where-Object { $fields[$_] } | ForEach-Object { "    <$_>$(ConvertTo-XmlText $fields[$_])</$_>" }
    @(
        '<?xml version="1.0" encoding="utf-8"?>'
        '<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd">'
        '  <metadata>'
        $metadata
        '  </metadata>'
        '</package>'
    ) -join "`n"
}

function Get-ContentType([string[]] $Extension, [string[]] $NameWithout) {
    @(
        '<?xml version="1.0" encoding="utf-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '  <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" />'
        $Extension | ForEach-Object { "  <Default Extension=`"$_`" ContentType=`"application/octet-stream`" />" }
        $NameWithout | ForEach-Object { "  <Override PartName=`"/$_`" ContentType=`"application/octet-stream`" />" }
        '</Types>'
    ) -join "`n"
}

function Get-Relationship([string] $NuSpecName) {
    @(
        '<?xml version="1.0" encoding="utf-8"?>'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        "  <Relationship Id=`"manifest`" Type=`"http://schemas.microsoft.com/packaging/2010/07/manifest`" Target=`"/$NuSpecName`" />"
        '</Relationships>'
    ) -join "`n"
}

function Add-Text([IO.Compression.ZipArchive] $Archive, [string] $Name, [string] $Text) {
    $writer = [IO.StreamWriter]::new($Archive.CreateEntry($Name).Open())
    try { $writer.Write($Text) } finally { $writer.Dispose() }
}

$root = (Resolve-Path -LiteralPath $ModulePath).ProviderPath
$manifest = Test-ModuleManifest -Path (Get-ChildItem -LiteralPath $root -Filter *.psd1)[0].FullName
$prerelease = $manifest.PrivateData.PSData.Prerelease
$version = if ($prerelease) { "$($manifest.Version)-$prerelease" } else { [string] $manifest.Version }
$package = Join-Path (Resolve-Path -LiteralPath $Destination).ProviderPath "$($manifest.Name).$version.nupkg"
if (-not $PSCmdlet.ShouldProcess($package, 'Write the package')) { return }

$entries = [ordered]@{}
foreach ($file in Get-ChildItem -LiteralPath $root -File -Recurse | Sort-Object FullName) {
    $entries[$file.FullName.Substring($root.Length).TrimStart('\', '/').Replace('\', '/')] = $file.FullName
}

$extensions = @($entries.Keys) + '.nuspec' | ForEach-Object { [IO.Path]::GetExtension($_).TrimStart('.').ToLowerInvariant() } | Where-Object { $_ } | Sort-Object -Unique
$nuSpecName = "$($manifest.Name).nuspec"
if (Test-Path -LiteralPath $package) { Remove-Item -LiteralPath $package }
$archive = [IO.Compression.ZipFile]::Open($package, 'Create')
try {
    Add-Text -Archive $archive -Name '_rels/.rels' -Text (Get-Relationship $nuSpecName)
    Add-Text -Archive $archive -Name '[Content_Types].xml' -Text (Get-ContentType -Extension $extensions -NameWithout @($entries.Keys | Where-Object { -not [IO.Path]::GetExtension($_) }))
    Add-Text -Archive $archive -Name $nuSpecName -Text (Get-NuSpec $manifest $version)
    foreach ($entry in $entries.Keys) {
        $null = [IO.Compression.ZipFileExtensions]::CreateEntryFromFile($archive, $entries[$entry], $entry)
    }
}
finally {
    $archive.Dispose()
}

Get-Item -LiteralPath $package
