#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Windows PowerShell 5.1 is not here: what can be known of its scripts from their text is looked at, and CI runs them there.

BeforeDiscovery {
    $root = Split-Path (Split-Path $PSScriptRoot)
    $scripts = Get-ChildItem $root -Include *.ps1, *.psd1 -Recurse |
        Where-Object FullName -NotMatch '[\\/](bin|obj|out|lib)[\\/]' |
        Where-Object { $_.Name -eq 'KlingEffects.psd1' -or (Get-Content $_ -TotalCount 1) -eq '#Requires -Version 5.1' } |
        ForEach-Object { @{ Script = [IO.Path]::GetRelativePath($root, $_.FullName).Replace('\', '/') } }
}

BeforeAll {
    $RepositoryRoot = Split-Path (Split-Path $PSScriptRoot)
    . $PSScriptRoot/Support/desktop.ps1
}

Describe 'What Windows PowerShell 5.1 runs' {
    It 'can read <Script>' -ForEach $scripts {
        # Not Get-Content, which leaves the byte order mark out.
        $bytes = [IO.File]::ReadAllBytes((Join-Path $RepositoryRoot $Script))
        Find-LaterSyntax ([Text.UTF8Encoding]::new($false).GetString($bytes)) | Should -BeNullOrEmpty
    }

    It 'is, of the tests, what CI runs there, and what that dot-sources' {
        $tester = Get-Content $RepositoryRoot/tools/Test-Package.ps1 -Raw
        $suites = [regex]::Match($tester, '(?m)^\$desktop = (.+)$').Groups[1].Value -split ',\s*' | ForEach-Object { $_.Trim('''') }
        $suites.Count | Should -BeGreaterThan 4
        foreach ($suite in $suites) {
            $file = "$RepositoryRoot/tests/Pester/$suite.Tests.ps1"
            Get-Content $file -TotalCount 1 | Should -BeExactly '#Requires -Version 5.1' -Because $suite
            foreach ($part in [regex]::Matches((Get-Content $file -Raw), '(?m)^\s*\. \$PSScriptRoot/(\S+)').ForEach{ $_.Groups[1].Value }) {
                Get-Content "$RepositoryRoot/tests/Pester/$part" -TotalCount 1 | Should -BeExactly '#Requires -Version 5.1' -Because "$suite needs $part"
            }
        }
    }
}

Describe 'The look at a script for 5.1' {
    It 'finds <Name>' -ForEach @(
        @{ Name = 'a ternary'; Script = '$a ? 1 : 2'; Says = '*? :*' }
        @{ Name = 'a null coalescing'; Script = '$a ?? 2'; Says = '*??*' }
        @{ Name = 'a null assignment'; Script = '$a ??= 2'; Says = '*??=*' }
        @{ Name = 'a null condition'; Script = '${a}?.Length'; Says = '*?.*' }
        @{ Name = 'a null condition of an index'; Script = '${a}?[0]'; Says = '*?`[`]*' }
        @{ Name = 'a chain'; Script = 'Get-Item a && Get-Item b'; Says = '*&&*' }
        @{ Name = 'a job'; Script = 'Get-Item a &'; Says = '*job*' }
        @{ Name = 'a clean block'; Script = 'function f { process { } clean { } }'; Says = '*clean*' }
        @{ Name = 'a parallel loop'; Script = '1 | ForEach-Object -Parallel { $_ }'; Says = '*-Parallel*' }
        @{ Name = 'a shortened parameter'; Script = '"{}" | ConvertFrom-Json -AsHash'; Says = '*-AsHashtable*' }
        @{ Name = 'a later command'; Script = 'Start-ThreadJob { 1 }'; Says = '*Start-ThreadJob*' }
        @{ Name = 'a path of three'; Script = 'Join-Path a b c'; Says = '*Join-Path*' }
        @{ Name = 'a later member'; Script = '[Environment]::ProcessPath'; Says = '*ProcessPath*' }
        @{ Name = 'the end of a tree'; Script = '$process.Kill($true)'; Says = '*tree*' }
        @{ Name = 'a later type'; Script = '[System.IO.Compression.ZLibStream]::new($a)'; Says = '*ZLibStream*' }
        @{ Name = 'a later number'; Script = '$a = 0b101'; Says = '*0b101*' }
        @{ Name = 'an escape'; Script = '"`e[0m"'; Says = '*escape*' }
        @{ Name = 'a dash without a byte order mark'; Script = "'a $([char] 0x2013) b'"; Says = "*character $([char] 0x2013)*" }
        @{ Name = 'what is no PowerShell'; Script = 'if ('; Says = '1: *' }
    ) {
        $found = @(Find-LaterSyntax $Script)
        $found | Should -HaveCount 1
        $found[0] | Should -BeLike $Says
    }

    It 'finds nothing in what 5.1 can read' {
        Find-LaterSyntax 'if ($a) { Join-Path a b } else { [byte[]]::new(2); 1L, 0xFFL, 10MB, "a`tb" }' | Should -BeNullOrEmpty
    }
}
