#Requires -Version 5.1

# Answers that the API is made to give, tasks that it is made to know, and what an error record must hold.

function Get-Fixture($Name) { [IO.File]::ReadAllText((Get-Item $RepositoryRoot/tests/Shared/fixtures/$Name.*).FullName) }

function Add-Answer([string] $Operation, [int] $Status, [string] $Body, [hashtable] $For = @{}, [int] $Times = 1) {
    $type = if ($Body.StartsWith('<')) { 'text/html' } else { 'application/json' }
    Add-EmulatorFault (@{ operation = $Operation; times = $Times; effect = @{ kind = 'status'; code = $Status; body = $Body; contentType = $type } } + $For)
}

function Add-Task([string] $Name, [double] $Age) { (Invoke-Emulator Post tasks @{ externalId = $Name; scene = '3d_cartoon_2'; age = $Age }).id }

function Assert-Failure($Record, [string] $Id, [string] $Category) {
    $Record | Should -HaveCount 1
    $Record.FullyQualifiedErrorId | Should -BeLike "$Id,KlingEffects.Commands.*"
    $Record.CategoryInfo.Category | Should -Be $Category
    $Record.Exception | Should -BeOfType KlingEffects.KlingException
    $Record.Exception.Message | Should -Not -BeNullOrEmpty
    $Record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    $Record.TargetObject | Should -Not -BeNullOrEmpty
    for ($cause = $Record.Exception; $cause; $cause = $cause.InnerException) {
        $cause.GetType().FullName | Should -Not -BeLike 'System.Net.Http.*'
    }
}
