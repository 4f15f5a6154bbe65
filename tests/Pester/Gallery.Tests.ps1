#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What a gallery asks of a module.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $manifestPath = Join-Path $RepositoryRoot KlingEffects.psd1
    $manifest = Test-ModuleManifest $ModuleUnderTest
    $data = $manifest.PrivateData.PSData

    # The module as it is packed, or packed here, and what the bill says of it.
    $built = Split-Path $ModuleUnderTest
    $billPath = '_manifest/spdx_2.2/manifest.spdx.json'
    $module = $built
    if (-not (Test-Path $built/$billPath)) {
        $module = (New-Item (Join-Path $TestDrive KlingEffects) -ItemType Directory).FullName
        Copy-Item $built/lib, $built/en-US, $ModuleUnderTest, (Join-Path $RepositoryRoot LICENSE) $module -Recurse
        $null = & (Join-Path $RepositoryRoot tools/New-SoftwareBill.ps1) -ModulePath $module
    }

    $bill = Get-Content $module/$billPath -Raw | ConvertFrom-Json -DateKind String
}

Describe 'The manifest' {
    It 'has what a gallery page shows' {
        $manifest.Description | Should -Match '\w.*\.$'
        $manifest.Author, $manifest.CompanyName, $manifest.Copyright | Should -Not -BeNullOrEmpty
        [uri] $data.LicenseUri | Should -Not -BeNullOrEmpty
        [uri] $data.ProjectUri | Should -Not -BeNullOrEmpty
        $data.ReleaseNotes.Length | Should -BeIn (50..10000)
        $manifest.CompatiblePSEditions | Should -Be Core, Desktop
    }

    It 'has tags that a gallery takes' {
        $data.Tags | Should -Contain PSEdition_Core
        $data.Tags | Should -Contain PSEdition_Desktop
        $data.Tags | Should -Contain Linux
        $data.Tags | Should -Not -Match '\s'
        ($data.Tags -join ' ').Length | Should -BeLessThan 4000
        $data.Tags | Sort-Object -Unique | Should -HaveCount $data.Tags.Count
    }

    It 'exports by name, and nothing but the cmdlets' {
        $text = Get-Content $manifestPath -Raw
        $text | Should -Match "FunctionsToExport += @\(\)"
        $text | Should -Match "AliasesToExport += @\(\)"
        $text | Should -Match "VariablesToExport += @\(\)"
        $text | Should -Not -Match "ToExport += '\*'"
        $manifest.ExportedCmdlets.Keys | Sort-Object | Should -Be (Get-Command -Module KlingEffects).Name
    }

    It 'is in the restricted language in which gallery tools read it' {
        $block = [scriptblock]::Create((Get-Content $manifestPath -Raw))
        { $block.CheckRestrictedLanguage([string[]] @(), [string[]] @('PSEdition', 'PSScriptRoot'), $false) } | Should -Not -Throw
    }

    It 'gives each edition its own build, and asks for its own version' -ForEach @(
        @{ Edition = 'Core'; RootModule = 'lib/net8.0/KlingEffects.dll'; Version = '7.4' }
        @{ Edition = 'Desktop'; RootModule = 'lib/netstandard2.0/KlingEffects.dll'; Version = '5.1' }
    ) {
        $values = & ([scriptblock]::Create((Get-Content $manifestPath -Raw).Replace('$PSEdition', "'$Edition'")))
        $values.RootModule | Should -Be $RootModule
        $values.PowerShellVersion | Should -Be $Version
        Join-Path $built $RootModule | Should -Exist
        @($values.NestedModules) | Should -HaveCount ($Edition -eq 'Core')

        # As that edition's PowerShell would import it.
        $folder = (New-Item (Join-Path $TestDrive $Edition/KlingEffects) -ItemType Directory).FullName
        Copy-Item $built/lib, $built/en-US $folder -Recurse
        $ModuleUnderTest = "$folder/KlingEffects.psd1"
        (Get-Content $manifestPath -Raw).Replace('$PSEdition', "'$Edition'") | Set-Content $ModuleUnderTest
        $run = Invoke-Shell '(Get-Module KlingEffects).ExportedCmdlets.Count; [KlingEffects.KlingTask].Assembly.Location'
        $run.Error | Should -BeNullOrEmpty
        $run.Output | Should -Match "^9\s.*[\\/]$($RootModule -replace '/\w+\.dll$' -replace '/', '[\\/]')[\\/]"
    }

    It 'has the client that was compiled ahead loaded where it fits, and the other one elsewhere' {
        $folder = (New-Item (Join-Path $TestDrive ahead/KlingEffects) -ItemType Directory).FullName
        Copy-Item $built/lib, $built/en-US, $manifestPath $folder -Recurse
        $ModuleUnderTest = "$folder/KlingEffects.psd1"
        $ahead = [IO.FileInfo] "$folder/lib/net8.0/linux-x64/KlingEffects.Client.dll"
        $isFit = $IsLinux -and [Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture -eq 'X64'
        foreach ($content in $null, 'no assembly', 'another version') {
            if ($content) { Set-Content (New-Item $ahead -ItemType File -Force) $content }
            if ($content -eq 'another version') {
                Remove-Item $ahead
                Add-Type 'namespace KlingEffects { public class KlingTask { } }' -OutputAssembly $ahead.FullName
            }

            $expected = if ($isFit -and $ahead.Exists -and -not $content) { $ahead.FullName } else { "$folder/lib/net8.0/KlingEffects.Client.dll" }
            $run = Invoke-Shell '[KlingEffects.KlingTask].Assembly.Location; (Get-KlingScene).Count -gt 0'
            $run.Error | Should -BeNullOrEmpty
            ($run.Output -split '\r?\n')[0, 1] | Should -Be ($expected -replace '/', [IO.Path]::DirectorySeparatorChar), 'True'
        }
    }

    It 'has the version of the assemblies and of the change log' {
        $version = [string] $manifest.Version
        $assemblies = Get-ChildItem $built/lib/*/KlingEffects*.dll
        $assemblies | Should -HaveCount 4
        foreach ($assembly in $assemblies) {
            $assembly.VersionInfo.FileVersion | Should -Be "$version.0" -Because $assembly.FullName
        }

        Get-Content (Join-Path $RepositoryRoot CHANGELOG.md) | Select-String "^## $([regex]::Escape($version))\b" | Should -HaveCount 1
    }
}

Describe 'The software bill of materials' {
    It 'is a document of SPDX 2.2' {
        $bill.spdxVersion | Should -Be SPDX-2.2
        $bill.dataLicense | Should -Be CC0-1.0
        $bill.SPDXID | Should -Be SPDXRef-DOCUMENT
        $bill.documentNamespace | Should -Match '^https://spdx\.org/spdxdocs/KlingEffects-[\d.]+-[0-9a-f]{40}$'
        $bill.creationInfo.created | Should -Match '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$'
        $bill.documentDescribes | Should -Be SPDXRef-Package-KlingEffects
        $ids = @($bill.SPDXID) + $bill.packages.SPDXID + $bill.files.SPDXID
        $ids | Sort-Object -Unique | Should -HaveCount $ids.Count
        $ids | Should -Match '^SPDXRef-[a-zA-Z0-9.-]+$'
        foreach ($relationship in $bill.relationships) { $relationship.spdxElementId, $relationship.relatedSpdxElement | Should -BeIn $ids }
    }

    It 'has every file of the module with its hashes' {
        $files = Get-ChildItem $module -File -Recurse | Where-Object FullName -NotLike '*_manifest*'
        $bill.files | Should -HaveCount $files.Count
        foreach ($file in $bill.files) {
            foreach ($checksum in $file.checksums) {
                (Get-FileHash (Join-Path $module $file.fileName) -Algorithm $checksum.algorithm).Hash | Should -Be $checksum.checksumValue
            }
        }

        $all = (($bill.files.checksums | Where-Object algorithm -EQ SHA1).checksumValue | Sort-Object) -join ''
        $digest = [Security.Cryptography.SHA1]::HashData([Text.Encoding]::UTF8.GetBytes($all))
        $bill.packages[0].packageVerificationCode.packageVerificationCodeValue | Should -Be ([Convert]::ToHexString($digest))
    }

    It 'has each package of the Windows PowerShell build with version, licence and hash' {
        $foreign = Get-ChildItem $module/lib/netstandard2.0/*.dll | Where-Object Name -NotLike 'KlingEffects*'
        $packages = $bill.packages | Select-Object -Skip 1
        $packages.packageFileName | ForEach-Object { Split-Path $_ -Leaf } | Sort-Object | Should -Be ($foreign.Name | Sort-Object)
        foreach ($package in $packages) {
            $package.versionInfo | Should -Match '^\d+\.\d+\.\d+'
            $package.licenseDeclared | Should -Be MIT
            $package.checksums[0].checksumValue | Should -Match '^[0-9a-f]{128}$'
        }

        ($packages | Where-Object name -EQ System.Text.Json).versionInfo |
            Should -Be ([xml] (Get-Content (Join-Path $RepositoryRoot Directory.Packages.props) -Raw)).SelectSingleNode('//PackageVersion[@Include="System.Text.Json"]').Version
    }

    It 'has no foreign assembly in what PowerShell 7 loads' {
        (Get-ChildItem $module/lib/net8.0/*.dll).Name | Should -Be KlingEffects.Client.dll, KlingEffects.dll
    }
}

Describe 'A folder that serves as a gallery' {
    BeforeAll {
        $feed = (New-Item (Join-Path $TestDrive feed) -ItemType Directory).FullName
        $package = & (Join-Path $RepositoryRoot tools/New-ModulePackage.ps1) -ModulePath $module -Destination $TestDrive
        $pushed = dotnet nuget push $package.FullName --source $feed
        $hasPushed = $LASTEXITCODE -eq 0
    }

    It 'takes the package from a NuGet client' {
        $hasPushed | Should -BeTrue -Because "$pushed"
        Get-ChildItem $feed -Filter *.nupkg -Recurse | Should -HaveCount 1
    }

    It 'gives it to PSResourceGet' {
        if (-not (Get-Command Save-PSResource -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'PSResourceGet is not installed'; return }

        Register-PSResourceRepository -Name KlingEffectsTest -Uri $feed -Trusted
        try {
            Save-PSResource KlingEffects -Repository KlingEffectsTest -Path (New-Item (Join-Path $TestDrive saved) -ItemType Directory) -TrustRepository
        } finally {
            Unregister-PSResourceRepository -Name KlingEffectsTest
        }

        $saved = Get-ChildItem (Join-Path $TestDrive saved) -Filter KlingEffects.psd1 -Recurse
        (Test-ModuleManifest $saved.FullName).Version | Should -Be $manifest.Version
    }
}

Describe 'Script analysis' {
    BeforeAll {
        $missing = if (-not (Get-Module PSScriptAnalyzer -ListAvailable)) { 'PSScriptAnalyzer is not installed' }
        elseif ($BuildUnderTest -ne 'net8.0') { 'the scripts are those of the other build' }

        function Get-Finding([string[]] $Path, [hashtable] $Option = @{}) {
            foreach ($file in $Path) {
                Invoke-ScriptAnalyzer -Path $file -Settings PSGallery @Option | ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName) $($_.Message)" }
            }
        }
    }

    It 'finds nothing by the gallery''s rules in what users run and read' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }

        $scripts = 'build.ps1', 'tools', 'samples', 'docs' | ForEach-Object { Join-Path $RepositoryRoot $_ } |
            Get-ChildItem -Recurse -Include *.ps1, *.psd1 | Where-Object FullName -NotMatch '[\\/](bin|obj)[\\/]'
        $scripts.Count | Should -BeGreaterThan 5
        Get-Finding (@($scripts.FullName) + $ModuleUnderTest) | Should -BeNullOrEmpty
    }

    It 'warns of nothing in the tests' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }

        # Pester's blocks share variables in a way that the analyzer does not see, and fixtures need no -WhatIf.
        $option = @{ ExcludeRule = 'PSUseDeclaredVarsMoreThanAssignments', 'PSUseShouldProcessForStateChangingFunctions'; Severity = 'Error', 'Warning' }
        $tests = Get-ChildItem (Join-Path $RepositoryRoot tests) -Recurse -Include *.ps1 | Where-Object FullName -NotMatch '[\\/](bin|obj)[\\/]'
        Get-Finding $tests.FullName $option | Should -BeNullOrEmpty
    }
    It 'finds the syntax of Windows PowerShell 5.1 in what may run there' {
        if ($missing) { Set-ItResult -Skipped -Because $missing; return }

        $scripts = @(Get-ChildItem $RepositoryRoot/docs/ci/*.ps1) + @(
            'build.ps1', 'tools/*.ps1', 'tests/Pester/*.ps1', 'tests/Pester/Support/*.ps1' | ForEach-Object { Get-ChildItem $RepositoryRoot/$_ } |
                Where-Object { (Get-Content $_ -TotalCount 1) -eq '#Requires -Version 5.1' })
        $scripts.Count | Should -BeGreaterThan 12
        $rule = @{ Rules = @{ PSUseCompatibleSyntax = @{ Enable = $true; TargetVersions = @('5.1', '7.4') } }; IncludeRules = @('PSUseCompatibleSyntax') }
        foreach ($script in $scripts) { Invoke-ScriptAnalyzer -Path $script.FullName -Settings $rule | ForEach-Object Message | Should -BeNullOrEmpty }
    }
}
