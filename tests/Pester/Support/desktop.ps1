#Requires -Version 7.4

# What of a script Windows PowerShell 5.1 can't read or hasn't got, as far as its text shows.

# Parameters and commands that came after 5.1.
$LaterParameters = @{
    'ConvertFrom-Json'   = 'AsHashtable', 'DateKind', 'Depth', 'NoEnumerate'
    'ConvertTo-Csv'      = 'NoHeader', 'QuoteFields', 'UseQuotes'
    'ConvertTo-Json'     = 'AsArray', 'EnumsAsStrings', 'EscapeHandling'
    'Export-Csv'         = 'NoHeader', 'QuoteFields', 'UseQuotes'
    'ForEach-Object'     = 'AsJob', 'Parallel', 'ThrottleLimit', 'TimeoutSeconds', 'UseNewRunspace'
    'Get-Content'        = 'AsByteStream'
    'Get-ChildItem'      = 'FollowSymlink'
    'Get-Date'           = 'AsUTC', 'UnixTimeSeconds'
    'Group-Object'       = 'CaseInsensitive'
    'Invoke-RestMethod'  = 'AllowInsecureRedirect', 'Authentication', 'Form', 'HttpVersion', 'MaximumRetryCount', 'NoProxy', 'Resume', 'ResponseHeadersVariable', 'SkipCertificateCheck', 'SkipHeaderValidation', 'SkipHttpErrorCheck', 'StatusCodeVariable', 'Token'
    'Invoke-WebRequest'  = 'AllowInsecureRedirect', 'Authentication', 'Form', 'HttpVersion', 'MaximumRetryCount', 'NoProxy', 'Resume', 'SkipCertificateCheck', 'SkipHeaderValidation', 'SkipHttpErrorCheck', 'Token'
    'Join-Path'          = 'AdditionalChildPath', 'Extension'
    'Measure-Object'     = 'AllStats', 'StandardDeviation'
    'New-Item'           = 'Options'
    'Select-Object'      = 'CaseInsensitive', 'SkipIndex'
    'Select-String'      = 'Culture', 'NoEmphasis', 'Raw'
    'Set-Content'        = 'AsByteStream'
    'Sort-Object'        = 'Bottom', 'Stable', 'Top'
    'Split-Path'         = 'Extension', 'LeafBase'
    'Start-Job'          = 'WorkingDirectory'
    'Start-Process'      = 'Environment'
    'Test-Connection'    = 'TcpPort'
    'Where-Object'       = 'Not'
}
$LaterCommands = 'Get-Error', 'Get-Uptime', 'Join-String', 'Remove-Alias', 'Remove-Service', 'Start-ThreadJob', 'Switch-Process', 'Test-Json'

# Members of .NET that .NET Framework 4.7.2 hasn't got.
$LaterMembers = 'ArgumentList', 'CreateTempSubdirectory', 'CreateSymbolicLink', 'CreateVersion7', 'Fill', 'GetRelativePath', 'HashData', 'IsOSPlatform', 'Latin1',
    'ProcessId', 'ProcessPath', 'ReadAllTextAsync', 'ResolveLinkTarget', 'SetUnixFileMode', 'ToHexString', 'UnixFileMode', 'WaitForExitAsync', 'WriteAllTextAsync'
$LaterTypes = 'IO.Compression.ZLibStream', 'IO.Compression.BrotliStream', 'semver', 'Management.Automation.SemanticVersion', 'Formats.Tar.TarReader', 'Net.Http.SocketsHttpHandler', 'Text.Json.JsonDocument'

function Find-LaterSyntax {
    <#
    .SYNOPSIS
    What the text has that 5.1 can't run, each with its line.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Text)

    $mistakes = $tokens = $null
    $tree = [Management.Automation.Language.Parser]::ParseInput($Text, [ref] $tokens, [ref] $mistakes)
    foreach ($mistake in $mistakes) { "$($mistake.Extent.StartLineNumber): $($mistake.Message)" }
    foreach ($part in $tree.FindAll({ $true }, $true)) {
        foreach ($found in Find-LaterPart $part) { "$($part.Extent.StartLineNumber): $found" }
    }

    foreach ($token in $tokens) {
        if ($token.Kind -eq 'Number' -and $token.Text -match '^0b|(^|[^x0-9a-f.])\d+(u|us|ul|uy|y|s|n)(kb|mb|gb|tb|pb)?$') { "$($token.Extent.StartLineNumber): the number $($token.Text)" }
        if ($token.Kind -in 'StringExpandable', 'HereStringExpandable' -and $token.Text -match '(?<!`)(``)*`(e|u\{)') { "$($token.Extent.StartLineNumber): the escape of a character in $($token.Text)" }
    }

    # Without a byte order mark it reads a file in the system's code page: a dash of UTF-8 then has a quotation mark in it.
    if (-not $Text.StartsWith([char] 0xFEFF)) {
        foreach ($strange in [regex]::Matches($Text, '[^\x00-\x7f]')) { "$($Text.Substring(0, $strange.Index).Split("`n").Count): the character $strange" }
    }
}

function Find-LaterPart([object] $Part) {
    switch ($Part.GetType().Name) {
        TernaryExpressionAst { 'the operator ? :' }
        PipelineChainAst { "the operator $($Part.Operator -eq 'AndAnd' ? '&&' : '||')" }
        BinaryExpressionAst { if ($Part.Operator -eq 'QuestionQuestion') { 'the operator ??' } }
        AssignmentStatementAst { if ($Part.Operator -eq 'QuestionQuestionEquals') { 'the operator ??=' } }
        IndexExpressionAst { if ($Part.NullConditional) { 'the operator ?[]' } }
        PipelineAst { if ($Part.Background) { 'a job by &' } }
        ScriptBlockAst { if ($Part.CleanBlock) { 'the block clean' } }
        TypeExpressionAst { Find-LaterType $Part.TypeName }
        TypeConstraintAst { Find-LaterType $Part.TypeName }
        CommandAst { Find-LaterCommand $Part }
    }

    if ($Part -is [Management.Automation.Language.MemberExpressionAst]) {
        if ($Part.NullConditional) { 'the operator ?.' }
        $name = "$($Part.Member)"
        if ($name -in $LaterMembers) { "the member $name" }
        if ($Part -is [Management.Automation.Language.InvokeMemberExpressionAst] -and $name -eq 'Kill' -and $Part.Arguments) { 'the member Kill of a whole tree' }
        # On the stream, the array alone is taken by a span since .NET Core only.
        if ($Part -is [Management.Automation.Language.InvokeMemberExpressionAst] -and $name -eq 'Write' -and $Part.Arguments.Count -eq 1 -and "$($Part.Arguments)" -like '*`[byte`[`]`]*') { 'the member Write of a span' }
    }
}

function Find-LaterType([object] $Name) {
    $plain = $Name.FullName -replace '^System\.'
    if ($plain -in $LaterTypes) { "the type $plain" }
}

function Find-LaterCommand([object] $Command) {
    $name = $Command.GetCommandName()
    if ($name -in $LaterCommands) { "the command $name" }
    foreach ($element in $Command.CommandElements) {
        if ($element -isnot [Management.Automation.Language.CommandParameterAst]) { continue }
        $given = $element.ParameterName
        if (-not $LaterParameters.ContainsKey([string] $name) -or ($given -notin $LaterParameters[$name] -and (Get-Command $name).Parameters.ContainsKey($given))) { continue }
        $LaterParameters[$name] | Where-Object { $_ -like "$given*" } | ForEach-Object { "the parameter -$_ of $name" }
    }

    if ("$Command" -match '-Encoding\s+utf8(NoBOM|BOM)') { 'an encoding that 5.1 has no name for' }

    if ($name -eq 'Join-Path' -and @($Command.CommandElements | Where-Object { $_ -isnot [Management.Automation.Language.CommandParameterAst] }).Count -gt 3) { 'Join-Path with more than one child' }
}
