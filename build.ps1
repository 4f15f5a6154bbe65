#Requires -Version 5.1
<#
.SYNOPSIS
Builds, tests or packs the module, compiles its help, or brings its list of scenes up to date.
.DESCRIPTION
Build leaves a module that can be imported from the clone. Test runs everything. Help compiles docs/en-US to en-US, which is
committed; it needs PowerShell 7 and the module Microsoft.PowerShell.PlatyPS. Package makes out/KlingEffects/<version>/,
a folder to copy to a module path, and out/KlingEffects.<version>.nupkg, a package for a gallery or a folder that serves as
one. The version is the manifest's. Scenes writes the names of -SceneList into the list that Get-KlingScene knows, and tells what is
new and what is retired; see tools/Update-Scenes.ps1.
.PARAMETER Task
What to do, in this order.
.PARAMETER Configuration
What Build and Test build; Package always packs a release.
.PARAMETER ProjectUri
The page that the packed manifest names as the project's, and below which Get-Help -Online finds the pages of the help.
.PARAMETER SceneList
A text of the scene names that the provider offers now, one a line, for the task Scenes.
.EXAMPLE
./build.ps1 -Task Test, Package
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Help', 'Scenes', 'Package')] [string[]] $Task = 'Build',
    [ValidateSet('Debug', 'Release')] [string] $Configuration = 'Debug',
    [uri] $ProjectUri,
    [string] $SceneList)

$ErrorActionPreference = 'Stop'
$name = 'KlingEffects'
$solution = Join-Path $PSScriptRoot Module.sln
$moduleProject = Join-Path $PSScriptRoot "src/$name"
$out = Join-Path $PSScriptRoot out

function Invoke-DotNet([string[]] $Argument) {
    dotnet $Argument
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($Argument[0]) ended with exit code $LASTEXITCODE." }
}

function Export-ModuleFolder([string] $Path, [uri] $ProjectUri) {
    if (Test-Path -LiteralPath $Path) { Remove-Item -LiteralPath $Path -Recurse }
    $null = New-Item -Path $Path -ItemType Directory

    # Without symbols, so that no path of this machine is in the package.
    Invoke-DotNet -Argument build, $moduleProject, '--configuration', 'Release', '--no-incremental', '-p:RestoreLockedMode=true', "-p:ModuleRoot=$Path/", '-p:DebugType=none' | Out-Host
    Get-ChildItem -LiteralPath $Path -Filter *.pdb -Recurse | Remove-Item
    $source = if ($ProjectUri) { "$($ProjectUri.AbsoluteUri.TrimEnd('/'))/blob/v$(Split-Path $Path -Leaf)" }
    & (Join-Path $PSScriptRoot tools/Copy-PackedFile.ps1) -ModulePath $Path -SourceUri $source

    if ($ProjectUri) {
        $manifest = Join-Path $Path "$name.psd1"
        $text = [IO.File]::ReadAllText($manifest) -replace "(?m)^(\s*ProjectUri\s*=\s*)'.*'", "`$1'$($ProjectUri.AbsoluteUri)'"
        [IO.File]::WriteAllText($manifest, $text)
        & (Join-Path $PSScriptRoot tools/Add-OnlineHelp.ps1) -Path (Join-Path $Path "en-US/$name.dll-Help.xml") -SourceUri $source
    }
}

function Invoke-Package([uri] $ProjectUri) {
    $version = Invoke-DotNet -Argument msbuild, (Join-Path $moduleProject "$name.csproj"), '-getProperty:ModuleVersion'
    $module = Join-Path $out "$name/$version"
    Export-ModuleFolder -Path $module -ProjectUri $ProjectUri
    & (Join-Path $PSScriptRoot tools/New-SoftwareBill.ps1) -ModulePath $module
    & (Join-Path $PSScriptRoot tools/New-ModulePackage.ps1) -ModulePath $module -Destination $out
}

switch ($Task) {
    Build { Invoke-DotNet -Argument build, $solution, '--configuration', $Configuration }
    Test { Invoke-DotNet -Argument test, $solution, '--configuration', $Configuration }
    Help { & (Join-Path $PSScriptRoot tools/Update-Help.ps1) }
    Scenes { & (Join-Path $PSScriptRoot tools/Update-Scenes.ps1) -Path $SceneList }
    Package { Invoke-Package -ProjectUri $ProjectUri }
}
