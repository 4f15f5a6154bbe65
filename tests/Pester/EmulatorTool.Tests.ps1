#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The emulator as the dotnet tool that its README offers to users' own CI.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $project = Join-Path $RepositoryRoot src/KlingEffects.Emulator
    $readme = Get-Content $project/README.md -Raw
    $before = @{ Key = $env:COMETAPI_KEY; BaseUri = $env:COMETAPI_BASE_URL }
    Push-Location $TestDrive

    # What is built already is packed as it is.
    $build = if ($env:KLING_TEST_EMULATOR -match '[\\/]bin[\\/](?<configuration>\w+)[\\/]net10\.0[\\/]') { '--no-build', '--configuration', $Matches.configuration }
    $log = dotnet pack $project --output ./packages @build 2>&1
    if ($LASTEXITCODE -ne 0) { throw "dotnet pack ended with ${LASTEXITCODE}: $log" }
}

AfterAll {
    Pop-Location
    $env:COMETAPI_KEY = $before.Key
    $env:COMETAPI_BASE_URL = $before.BaseUri
}

Describe 'The tool kling-emulator' {
    It 'has the version of the module, and tells no path of the machine that packed it' {
        $package = Get-ChildItem ./packages
        $package.Name | Should -BeExactly "KlingEffects.Emulator.$((Get-Module KlingEffects).Version).nupkg"
        [IO.Compression.ZipFile]::ExtractToDirectory($package.FullName, "$TestDrive/unpacked")
        foreach ($file in Get-ChildItem ./unpacked -Recurse -File) {
            [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($file.FullName)) | Should -Not -Match ([regex]::Escape($RepositoryRoot)) -Because $file.Name
        }
    }

    It 'is installed and used as the README says: the batch of a CSV, checked against the specification' {
        $null = New-TestPhoto ./ana.jpg
        $null = New-TestPhoto ./ben.jpg 480 320
        Set-Content ./jobs.csv 'Scene,Image,SecondImage', 'hug_pro,./ana.jpg,./ben.jpg', '3d_cartoon_2,./ana.jpg,'
        $script = [regex]::Match($readme, '(?s)```powershell\n(dotnet tool install .*?)\n```').Groups[1].Value
        $script | Should -BeLike '*Import-Csv jobs.csv | New-KlingEffect -JournalPath ./jobs.journal | Wait-KlingTask | Save-KlingVideo ./out*'
        try {
            $files = . ([scriptblock]::Create($script)) | Where-Object { $_ -is [IO.FileInfo] }
            $files | Should -HaveCount 2
            $seen.tasks.scene | Sort-Object | Should -Be 3d_cartoon_2, hug_pro
            foreach ($file in $files) { Assert-SavedVideo $file $file.TaskId }
        }
        finally {
            if ($emulator) { $emulator.Kill($true) }
        }
    }
}
