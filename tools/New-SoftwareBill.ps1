#Requires -Version 5.1
<#
.SYNOPSIS
Writes the software bill of materials of a packed module: _manifest/spdx_2.2/manifest.spdx.json, in SPDX 2.2.
.DESCRIPTION
Lists every file of the module with its hashes, and every NuGet package whose assembly lies in lib/netstandard2.0 with its
version, licence and hash, as the restore has them. What PowerShell 7 loads is the module's own.
.PARAMETER ModulePath
The module's folder, complete but for this file.
.PARAMETER AssetsPath
The project.assets.json of the build that made it.
#>
[CmdletBinding(SupportsShouldProcess)]
[OutputType([IO.FileInfo])]
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [string] $AssetsPath = (Join-Path $PSScriptRoot ../src/KlingEffects/obj/project.assets.json))

$ErrorActionPreference = 'Stop'

# Packages from before licence expressions name their licence by its address.
$licenceAddresses = @{ 'https://github.com/dotnet/corefx/blob/master/LICENSE.TXT' = 'MIT' }

function Get-Sha([string] $Path, [string] $Algorithm) {
    (Get-FileHash -LiteralPath $Path -Algorithm $Algorithm).Hash.ToLowerInvariant()
}

function Get-TextSha1([string] $Text) {
    $sha = [Security.Cryptography.SHA1]::Create()
    $hash = $sha.ComputeHash([Text.Encoding]::UTF8.GetBytes($Text))
    $sha.Dispose()
    [BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant()
}

function Get-SpdxId([string] $Kind, [string] $Name) {
    "SPDXRef-$Kind-" + ($Name -replace '[^A-Za-z0-9.-]+', '-')
}

function Get-FileEntry([string] $Root, [string] $Path) {
    $name = $Path.Substring($Root.Length).TrimStart('\', '/').Replace('\', '/')
    [ordered]@{
        SPDXID             = Get-SpdxId File $name
        fileName           = "./$name"
        checksums          = @('SHA1', 'SHA256' | ForEach-Object { [ordered]@{ algorithm = $_; checksumValue = Get-Sha $Path $_ } })
        licenseConcluded   = 'NOASSERTION'
        licenseInfoInFiles = @('NOASSERTION')
        copyrightText      = 'NOASSERTION'
    }
}

function Get-Licence([string] $PackagePath) {
    $nuspec = [xml] (Get-Content -LiteralPath (Get-ChildItem -LiteralPath $PackagePath -Filter *.nuspec)[0].FullName -Raw)
    $metadata = $nuspec.package.metadata
    if ($metadata.license.type -eq 'expression') { return $metadata.license.InnerText }

    $known = $licenceAddresses[[string] $metadata.licenseUrl]
    if ($known) { $known } else { 'NOASSERTION' }
}

function Get-PackageEntry([object] $Assets, [string] $Assembly) {
    $target = ($Assets.targets.PSObject.Properties | Where-Object Name -Match '^\.?NETStandard')[0].Value
    $package = $target.PSObject.Properties | Where-Object { $_.Value.runtime.PSObject.Properties.Name -like "*/$Assembly" }
    if (-not $package) { throw "No restored package has $Assembly, so its origin is not known." }

    $name, $version = $package.Name -split '/'
    $library = $Assets.libraries.($package.Name)
    $folder = $Assets.packageFolders.PSObject.Properties.Name | ForEach-Object { Join-Path $_ $library.path } | Where-Object { Test-Path -LiteralPath $_ } | Select-Object -First 1
    $sha512 = [BitConverter]::ToString([Convert]::FromBase64String($library.sha512)).Replace('-', '').ToLowerInvariant()
    $licence = Get-Licence $folder
    [ordered]@{
        SPDXID           = Get-SpdxId Package "$name-$version"
        name             = $name
        versionInfo      = $version
        packageFileName  = "./lib/netstandard2.0/$Assembly"
        downloadLocation = 'NOASSERTION'
        filesAnalyzed    = $false
        checksums        = @([ordered]@{ algorithm = 'SHA512'; checksumValue = $sha512 })
        licenseConcluded = $licence
        licenseDeclared  = $licence
        copyrightText    = 'NOASSERTION'
        externalRefs     = @([ordered]@{ referenceCategory = 'PACKAGE_MANAGER'; referenceType = 'purl'; referenceLocator = "pkg:nuget/$name@$version" })
    }
}

$root = (Resolve-Path -LiteralPath $ModulePath).ProviderPath
$bill = Join-Path $root '_manifest/spdx_2.2/manifest.spdx.json'
$manifest = Test-ModuleManifest -Path (Get-ChildItem -LiteralPath $root -Filter *.psd1)[0].FullName
$assets = Get-Content -LiteralPath $AssetsPath -Raw | ConvertFrom-Json

$files = @(Get-ChildItem -LiteralPath $root -File -Recurse | Where-Object { $_.FullName -notlike (Join-Path $root '_manifest*') } |
        Sort-Object FullName | ForEach-Object { Get-FileEntry $root $_.FullName })
$foreign = Get-ChildItem -Path (Join-Path $root 'lib/netstandard2.0/*.dll') | Where-Object Name -NotLike 'KlingEffects*'
$packages = @($foreign | ForEach-Object { Get-PackageEntry $assets $_.Name })
$verification = Get-TextSha1 ((@($files | ForEach-Object { $_.checksums[0].checksumValue }) | Sort-Object) -join '')
$id = Get-SpdxId Package $manifest.Name

$document = [ordered]@{
    SPDXID            = 'SPDXRef-DOCUMENT'
    spdxVersion       = 'SPDX-2.2'
    dataLicense       = 'CC0-1.0'
    name              = "$($manifest.Name) $($manifest.Version)"
    documentNamespace = "https://spdx.org/spdxdocs/$($manifest.Name)-$($manifest.Version)-$verification"
    creationInfo      = [ordered]@{ created = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [cultureinfo]::InvariantCulture); creators = @("Organization: $($manifest.Author)", 'Tool: New-SoftwareBill.ps1') }
    documentDescribes = @($id)
    packages          = @(
        [ordered]@{
            SPDXID                  = $id
            name                    = $manifest.Name
            versionInfo             = [string] $manifest.Version
            downloadLocation        = 'NOASSERTION'
            filesAnalyzed           = $true
            packageVerificationCode = [ordered]@{ packageVerificationCodeValue = $verification }
            licenseConcluded        = 'MIT'
            licenseDeclared         = 'MIT'
            licenseInfoFromFiles    = @('NOASSERTION')
            copyrightText           = $manifest.Copyright
        }
    ) + $packages
    files             = $files
    relationships     = @(
        [ordered]@{ spdxElementId = 'SPDXRef-DOCUMENT'; relationshipType = 'DESCRIBES'; relatedSpdxElement = $id }
        $files | ForEach-Object { [ordered]@{ spdxElementId = $id; relationshipType = 'CONTAINS'; relatedSpdxElement = $_.SPDXID } }
        $packages | ForEach-Object { [ordered]@{ spdxElementId = $id; relationshipType = 'DEPENDS_ON'; relatedSpdxElement = $_.SPDXID } }
    )
}

if ($PSCmdlet.ShouldProcess($bill, 'Write the software bill of materials')) {
    $null = New-Item -Path (Split-Path $bill) -ItemType Directory -Force
    [IO.File]::WriteAllText($bill, (ConvertTo-Json $document -Depth 8) + "`n")
    Get-Item -LiteralPath $bill
}
