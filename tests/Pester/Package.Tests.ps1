#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:module = Join-Path $TestDrive KlingEffects
    $null = New-Item -Path $module -ItemType Directory
    Copy-Item -LiteralPath (Join-Path (Split-Path $ModuleUnderTest) lib) -Destination $module -Recurse
    & (Join-Path $RepositoryRoot tools/Copy-PackedFile.ps1) -ModulePath $module
    $script:package = & (Join-Path $RepositoryRoot tools/New-ModulePackage.ps1) -ModulePath $module -Destination $TestDrive
    $script:version = (Get-Module KlingEffects).Version
    $script:unpacked = Join-Path $TestDrive "modules/KlingEffects/$version"
    [IO.Compression.ZipFile]::ExtractToDirectory($package.FullName, $unpacked)
}

Describe 'The packed README' {
    BeforeAll {
        $readme = Get-Content $RepositoryRoot/README.md -Raw
        $converter = Join-Path $RepositoryRoot tools/ConvertTo-PackedReadme.ps1
        function Get-Link([string] $Text) { [regex]::Matches($Text, '\]\(([^)]+)\)') | ForEach-Object { $_.Groups[1].Value } }
    }

    It 'leads to the source of its version, where that is known' {
        $links = Get-Link (& $converter -Text $readme -SourceUri https://git.example/kling/blob/v1.2.3/)
        $links | Should -Contain https://git.example/kling/blob/v1.2.3/docs/ci/README.md
        $links | Should -Contain https://www.cometapi.com
        $links | Where-Object { $_ -notmatch '^https:' } | Sort-Object | Should -Be CHANGELOG.md, LICENSE
    }

    It 'leads nowhere that is not in the package, where it is not known' {
        $text = & $converter -Text $readme
        Get-Link $text | Where-Object { $_ -notmatch '^https:' } | Sort-Object | Should -Be CHANGELOG.md, Examples/README.md, LICENSE
        foreach ($link in 'CHANGELOG.md', 'Examples/README.md', 'LICENSE') { Join-Path $module $link | Should -Exist }
        $text | Should -BeLike '*How polls are timed*'
    }
}

Describe 'The package' {
    It 'is named after the module and its version' {
        $package.Name | Should -Be "KlingEffects.$version.nupkg"
    }

    It 'holds every file of the module byte for byte' {
        $files = Get-ChildItem -LiteralPath $module -File -Recurse
        $files.Count | Should -BeGreaterThan 8
        foreach ($file in $files) {
            $copy = Join-Path $unpacked ([IO.Path]::GetRelativePath($module, $file.FullName))
            (Get-FileHash -LiteralPath $copy).Hash | Should -Be (Get-FileHash -LiteralPath $file.FullName).Hash
        }
    }

    It 'has the recipes as examples, whose links lead to what is there' {
        $examples = Join-Path $unpacked Examples
        (Get-ChildItem -LiteralPath $examples -File).Name | Sort-Object | Should -Be ((Get-ChildItem $RepositoryRoot/docs/ci -File).Name | Sort-Object)
        foreach ($page in Get-ChildItem $examples -Filter *.md) {
            $prose = (Get-Content $page -Raw) -replace '(?s)```.*?```'
            foreach ($link in [regex]::Matches($prose, '\]\((?!https?:)([^)#]+)').ForEach{ $_.Groups[1].Value }) {
                Join-Path $examples $link | Should -Exist -Because "$($page.Name) leads there"
            }
        }
    }

    It 'is found by the command of the recipes beside it' {
        $program, $argument = @(Get-ShellCommand) + '-NoProfile' + '-NonInteractive' + '-Command'
        $place = (New-Item -Path (Join-Path $TestDrive place) -ItemType Directory).FullName
        Copy-Item (Join-Path $TestDrive modules) $place -Recurse
        $log = & $program $argument "`$env:COMETAPI_KEY = 'k'; Set-Location '$place'; Import-Module ./modules/KlingEffects; Invoke-KlingBatch -Step Collect -CI; (Get-Module KlingEffects).Path"
        $log[-2] | Should -BeLike '* done, problems: 0'
        $log[-1] | Should -BeLike "$place*"
        Join-Path $place state/report.html | Should -Exist
    }

    It 'is a package in whose parts everything has a type' {
        $opened = [IO.Packaging.Package]::Open($package.FullName, 'Open', 'Read')
        try {
            $target = @($opened.GetRelationshipsByType('http://schemas.microsoft.com/packaging/2010/07/manifest')).TargetUri.OriginalString
            $target | Should -Be '/KlingEffects.nuspec'
            $parts = @($opened.GetParts()).Uri.OriginalString
            $parts | Should -Contain $target
            $parts | Should -Contain '/KlingEffects.psd1'
            $parts | Should -Contain '/LICENSE'
        }
        finally {
            $opened.Close()
        }
    }

    It 'tells a gallery what the manifest says' {
        $metadata = ([xml] (Get-Content -LiteralPath (Join-Path $unpacked KlingEffects.nuspec) -Raw)).package.metadata
        $manifest = Test-ModuleManifest -Path $ModuleUnderTest

        $metadata.id | Should -Be $manifest.Name
        $metadata.version | Should -Be ([string] $manifest.Version)
        $metadata.description | Should -Be $manifest.Description
        $metadata.releaseNotes | Should -Be $manifest.PrivateData.PSData.ReleaseNotes
        $tags = -split $metadata.tags
        foreach ($tag in @($manifest.Tags) + 'PSModule' + @($manifest.ExportedCmdlets.Keys.ForEach{ "PSCmdlet_$_" })) { $tags | Should -Contain $tag }
    }

    It 'is a module once it is unpacked to a module path' {
        $before = $env:PSModulePath
        $env:PSModulePath = (Join-Path $TestDrive modules) + [IO.Path]::PathSeparator + $before
        try {
            $program, $argument = @(Get-ShellCommand) + '-NoProfile' + '-NonInteractive' + '-Command'
            $found = & $program $argument '(Get-Command Save-KlingVideo).Module.Path; (Get-Command -Module KlingEffects).Name'
            $found[0] | Should -BeLike "$unpacked*"
            $found | Select-Object -Skip 1 | Should -Be Export-KlingReport, Get-KlingAccount, Get-KlingJob, Get-KlingScene, Get-KlingTask, Invoke-KlingBatch, New-KlingEffect, Save-KlingVideo, Wait-KlingTask
        }
        finally {
            $env:PSModulePath = $before
        }
    }
}
