# Gallery tools read this in restricted language, in which $PSEdition may be asked. Import-PowerShellDataFile reads constants only.
@{
    RootModule             = if ($PSEdition -eq 'Desktop') { 'lib/netstandard2.0/KlingEffects.dll' } else { 'lib/net8.0/KlingEffects.dll' }
    NestedModules          = @(if ($PSEdition -ne 'Desktop') { 'lib/KlingEffects.Loader.dll' })
    ModuleVersion          = '0.1.0'
    CompatiblePSEditions   = @('Core', 'Desktop')
    GUID                   = '5b0f5a0e-8a43-4b0c-9d0e-6f4f0a1c7e52'
    Author                 = 'KlingEffects contributors'
    CompanyName            = 'KlingEffects'
    Copyright              = '(c) KlingEffects contributors. MIT licence.'
    Description            = 'Applies Kling''s preset video effects to pictures through CometAPI: submit images, follow the tasks, save the videos, as one pipeline. Made for batches and for CI: no task id is lost, no job is paid for twice.'
    PowerShellVersion      = if ($PSEdition -eq 'Desktop') { '5.1' } else { '7.4' }
    DotNetFrameworkVersion = '4.7.2'
    FormatsToProcess       = @('lib/KlingEffects.Format.ps1xml')
    TypesToProcess         = @('lib/KlingEffects.Types.ps1xml')
    CmdletsToExport        = @('Export-KlingReport', 'Get-KlingAccount', 'Get-KlingJob', 'Get-KlingScene', 'Get-KlingTask', 'Invoke-KlingBatch', 'New-KlingEffect', 'Save-KlingVideo', 'Wait-KlingTask')
    FunctionsToExport      = @()
    VariablesToExport      = @()
    AliasesToExport        = @()
    PrivateData            = @{
        PSData = @{
            Tags                       = @(
                'Kling', 'CometAPI', 'Video', 'AI', 'VideoGeneration', 'Effects', 'Batch', 'CI'
                'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS'
            )
            LicenseUri                 = 'https://opensource.org/license/mit'
            # The provider, until the project has a page of its own: build.ps1 -ProjectUri names one.
            ProjectUri                 = 'https://www.cometapi.com'
            ReleaseNotes               = 'The first version: New-KlingEffect, Get-KlingTask, Wait-KlingTask and Save-KlingVideo, a journal that lets a batch be interrupted and run again without paying twice, for PowerShell 7.4 and later and for Windows PowerShell 5.1. CHANGELOG.md in the package tells the rest.'
            RequireLicenseAcceptance   = $false
            ExternalModuleDependencies = @()
        }
    }
}
