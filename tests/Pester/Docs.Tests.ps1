#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What the documents point to is there, and their PowerShell can be read.

BeforeDiscovery {
    $root = Split-Path (Split-Path $PSScriptRoot)
    $pages = Get-ChildItem $root, $root/.github -Filter *.md -Recurse | Where-Object FullName -NotMatch '[\\/](bin|obj|out|fixtures)[\\/]' |
        ForEach-Object { @{ Page = [IO.Path]::GetRelativePath($root, $_.FullName).Replace('\', '/') } }
}

BeforeAll {
    $RepositoryRoot = Split-Path (Split-Path $PSScriptRoot)

    function Get-Anchor([string] $Text) {
        foreach ($heading in [regex]::Matches($Text, '(?m)^#+ (.+)$')) {
            $heading.Groups[1].Value.Trim().ToLowerInvariant() -replace '[^\w\- ]' -replace ' ', '-'
        }
    }
}

Describe '<Page>' -ForEach $pages {
    BeforeAll {
        $file = Join-Path $RepositoryRoot $Page
        $text = Get-Content $file -Raw
        $prose = $text -replace '(?s)```.*?```'
    }

    It 'has links that lead somewhere' {
        $links = [regex]::Matches($prose, '\]\((?<target>[^)\s]+)\)') | ForEach-Object { $_.Groups['target'].Value } | Where-Object { $_ -notmatch '^https?:' }
        foreach ($link in $links) {
            $path, $anchor = $link -split '#', 2
            $target = $path ? (Join-Path (Split-Path $file) $path) : $file
            $target | Should -Exist -Because "$Page leads to $link"
            if ($anchor) { Get-Anchor (Get-Content $target -Raw) | Should -Contain $anchor -Because "$Page leads to $link" }
        }
    }

    It 'has PowerShell that can be parsed' {
        foreach ($block in [regex]::Matches($text, '(?s)```powershell\r?\n(.*?)\r?\n```')) {
            $mistakes = $null
            $null = [Management.Automation.Language.Parser]::ParseInput($block.Groups[1].Value, [ref] $null, [ref] $mistakes)
            $mistakes | Should -BeNullOrEmpty -Because $block.Groups[1].Value
        }
    }
}

Describe 'The workflow' {
    It 'takes each action at a commit, and says which version that is' {
        $actions = Get-ChildItem (Join-Path $RepositoryRoot .github/workflows) | Get-Content | Where-Object { $_ -match '\buses:' }
        $actions | Should -Not -BeNullOrEmpty
        foreach ($action in $actions) { $action | Should -Match 'uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$' }
    }

    It 'that uses our action does so too' {
        $actions = Get-ChildItem (Join-Path $RepositoryRoot .github/actions) -Recurse -File | Get-Content | Where-Object { $_ -match '\buses: actions/' }
        $actions | Should -Not -BeNullOrEmpty
        foreach ($action in $actions) { $action | Should -Match '@[0-9a-f]{40} # v\d+\.\d+\.\d+$' }
    }
}

Describe 'docs/ARCHITECTURE.md' {
    It 'names files and folders that are there' {
        $text = Get-Content (Join-Path $RepositoryRoot docs/ARCHITECTURE.md) -Raw
        $rooms = '', 'src/KlingEffects.Client', 'src/KlingEffects', 'src/KlingEffects.Emulator', 'tests/Pester' | ForEach-Object { Join-Path $RepositoryRoot $_ }
        $named = [regex]::Matches($text, '`(?<path>[\w./-]+/(?:[\w.-]+)?|[\w-]+\.(?:ps1|psd1))`') | ForEach-Object { $_.Groups['path'].Value } | Sort-Object -Unique
        $named.Count | Should -BeGreaterThan 15
        foreach ($path in $named) {
            @($rooms | Where-Object { Test-Path (Join-Path $_ $path) }) | Should -Not -BeNullOrEmpty -Because "it names $path"
        }
    }

    It 'says on its first page where the retry rule of a submit stands' {
        $line = Get-Content (Join-Path $RepositoryRoot docs/ARCHITECTURE.md) -TotalCount 12 | Where-Object { $_ -match 'paid submit' }
        $line | Should -Match 'JobSubmission\.cs'
        Get-Content (Join-Path $RepositoryRoot src/KlingEffects.Client/Effects/JobSubmission.cs) -Raw | Should -Match 'class JobSubmission'
    }
}
