#Requires -Version 7.4
<#
.SYNOPSIS
Brings the list of known scenes up to date from a text of names.
.DESCRIPTION
The text has the names that the provider offers now, one a line, as its list of effects or its API page has them; behind a name, after a
comma or white space, may stand how many images the scene takes. A name that is new is taken for one of a single image unless the text
says 2. Names of the list that the text does not have are kept as retired, last seen in the month of the list so far. A name that the
list notes as discontinued stays retired although a published list still has it.
.PARAMETER Path
The text of names. Empty lines and lines that begin with # are passed over.
.PARAMETER Date
The day of which the names are; today unless given.
.PARAMETER ListPath
The list; the one that the module is built with unless given.
.EXAMPLE
./tools/Update-Scenes.ps1 ./names.txt -Date 2026-12-01
#>
[CmdletBinding(SupportsShouldProcess)]
[OutputType([pscustomobject])]
param(
    [Parameter(Mandatory, Position = 0)] [string] $Path,
    [datetime] $Date = [datetime]::Today,
    [string] $ListPath = (Join-Path $PSScriptRoot ../src/KlingEffects.Client/Scenes/effect-scenes.tsv))

$ErrorActionPreference = 'Stop'
$invariant = [cultureinfo]::InvariantCulture

$text = [ordered] @{}
foreach ($line in Get-Content -LiteralPath $Path) {
    $line = $line.Trim()
    if ($line -and -not $line.StartsWith('#')) {
        if ($line -notmatch '^(?<name>[^\s,]+)(?:[\s,]+(?<images>[12]))?$') { throw "'$line' is no name of a scene, nor one with the number of its images." }
        $text[$Matches.name] = $Matches.images
    }
}
if ($text.Count -eq 0) { throw "'$Path' has no names." }

$head, $null, $rows = Get-Content -LiteralPath $ListPath
if ($head -notmatch '^# As of (?<date>\d{4}-\d\d-\d\d)\.') { throw "'$ListPath' does not begin with its date." }
$seen = $Matches.date.Substring(0, 7)
$scenes = [Collections.Generic.List[object]]::new()
foreach ($row in $rows) {
    $name, $images, $last, $note = $row -split "`t"
    $isOffered = $text.Contains($name) -and $note -notlike 'discontinued*'
    $change = if ($isOffered) { if ($last -ne 'current') { 'back' } } elseif ($last -eq 'current') { 'retired' }
    $scenes.Add([pscustomobject] @{
            Name     = $name
            Images   = $isOffered -and $text[$name] ? $text[$name] : $images
            LastSeen = $isOffered ? 'current' : $last -eq 'current' ? $seen : $last
            Note     = $note
            Change   = $change
        })
}

$known = [Collections.Generic.HashSet[string]]::new([string[]] $scenes.Name, [StringComparer]::Ordinal)
foreach ($name in $text.Keys) {
    if (-not $known.Contains($name)) {
        $scenes.Add([pscustomobject] @{
                Name = $name; Images = $text[$name] ?? '1'; LastSeen = 'current'; Note = "new $($Date.ToString('yyyy-MM', $invariant))"; Change = 'new'
            })
    }
}

$lines = @(
    "# As of $($Date.ToString('yyyy-MM-dd', $invariant)). Written by tools/Update-Scenes.ps1: change it with that."
    "effect_scene`timages`tlast_seen`tnote"
    foreach ($scene in @($scenes).Where{ $_.LastSeen -eq 'current' } + @($scenes).Where{ $_.LastSeen -ne 'current' }) {
        ($scene.Name, $scene.Images, $scene.LastSeen, $scene.Note -join "`t").TrimEnd()
    })
if ($PSCmdlet.ShouldProcess($ListPath, 'Bring up to date')) {
    [IO.File]::WriteAllText($PSCmdlet.GetUnresolvedProviderPathFromPSPath($ListPath), ($lines -join "`n") + "`n")
}

$scenes | Where-Object Change | Select-Object Name, Images, LastSeen, Change
