#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/Support/failures.ps1
    $script:emulator = Start-Emulator
}

AfterAll { Stop-Emulator $emulator }

Describe 'A published answer' {
    AfterEach { Assert-EmulatorTraffic $emulator }

    Context 'to a submit' {
        It '<Name> is a task that was submitted' -ForEach @(
            @{ Name = '01_comet_effects_submit_200'; Id = '2032273960331935744'; RequestId = $null }
            @{ Name = '02_kling_submit_base64ish_id_200'; Id = 'CjI17WevH1IAAAAAAHmgsw'; RequestId = 'CjI17WevH1IAAAAAAHmgsw' }
        ) {
            Add-Answer submit 200 (Get-Fixture $Name)
            $task = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg

            $task.TaskId | Should -BeExactly $Id
            $task.Status | Should -Be Submitted
            $task.RequestId | Should -BeExactly $RequestId
            $task.Scene | Should -BeExactly 3d_cartoon_2
        }

        It '<Name> (HTTP <Status>) is <Id>, and nothing is sent again' -ForEach @(
            @{ Name = '04_submit_code0_without_task_id'; Status = 200; Id = 'KlingSubmitUncertain'; Category = 'ConnectionError'; Code = '0' }
            @{ Name = '51_kling_1102_balance_429'; Status = 429; Id = 'KlingQuotaExceeded'; Category = 'QuotaExceeded'; Code = '1102' }
            @{ Name = '52_kling_1201_bad_base64_400'; Status = 400; Id = 'KlingInvalidRequest'; Category = 'InvalidArgument'; Code = '1201' }
            @{ Name = '60_comet_quota_403'; Status = 403; Id = 'KlingQuotaExceeded'; Category = 'QuotaExceeded'; Code = $null }
            @{ Name = '61_comet_model_not_found_503'; Status = 503; Id = 'KlingModelNotFound'; Category = 'ObjectNotFound'; Code = 'model_not_found' }
            @{ Name = '70_html_504_cloudflare'; Status = 504; Id = 'KlingSubmitUncertain'; Category = 'ConnectionError'; Code = $null }
        ) {
            Add-Answer submit $Status (Get-Fixture $Name)
            New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty

            Assert-Failure $failures $Id $Category
            if ($Code -ne '0') { $failures[0].Exception.Code | Should -BeExactly $Code }
            $failures[0].Exception.HttpStatus | Should -Be $Status
            Get-EmulatorRequest submit | Should -HaveCount 1
        }

        It '04_submit_code0_without_task_id keeps the raw body' {
            Add-Answer submit 200 (Get-Fixture 04_submit_code0_without_task_id)
            $null = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -ErrorAction SilentlyContinue -ErrorVariable failures

            $failures[0].Exception.AnswerBody -replace '\s' | Should -BeExactly '{"code":0,"data":{}}'
        }

        It '61_comet_model_not_found_503 tells the request id' {
            Add-Answer submit 503 (Get-Fixture 61_comet_model_not_found_503)
            $null = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -ErrorAction SilentlyContinue -ErrorVariable failures

            $failures[0].Exception.RequestId | Should -BeExactly 20260205132859798638387SIHCnxzJ
        }

        It '50_kling_1303_parallel_429 with HTTP <_> made nothing, and is sent again' -ForEach 429, 200 {
            Add-Answer submit $_ (Get-Fixture 50_kling_1303_parallel_429)
            $task = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg

            $task.TaskId | Should -BeExactly (Get-EmulatorState).tasks.id
            Get-EmulatorRequest submit | Should -HaveCount 2
        }
    }

    Context 'to a query' {
        It '<Name> is processing' -ForEach @(
            @{ Name = '10_comet_query_processing_200' }
            @{ Name = '41_wrapper_in_progress_200' }
        ) {
            Add-Answer query 200 (Get-Fixture $Name)
            $task = Get-KlingTask (Add-Task one)

            $task.Status | Should -Be Processing
            $task.Videos | Should -BeNullOrEmpty
        }

        It '12_unknown_status_throttled_200 is polled on' {
            $id = Add-Task one
            $null = Invoke-Emulator Post tasks/$id/succeed
            Add-Answer query 200 (Get-Fixture 12_unknown_status_throttled_200)
            $task = Wait-KlingTask $id -PollIntervalSec 0.2

            $task.Status | Should -Be Succeed
            (Get-EmulatorState).counters.queries | Should -Be 2
        }

        It '<Name> has succeeded' -ForEach @(
            @{ Name = '20_kling_succeed_200'; Url = 'https://cdn.klingai.com/bs2/upload-kling-api/5739745938/image2video/CjI17WevH1IAAAAAAHmgsw-0_raw_video_1.mp4'
                VideoId = '28444a6c-b923-4d7c-be2c-e0898ea73dc0'; Duration = 5.1; Created = '2025-02-16T22:19:44.259Z'
            }
            @{ Name = '22_succeed_current_official_fields_200'; Url = 'https://v1-fdl.kechuangai.com/ksc2/example.mp4'
                VideoId = '878106242831892999'; Duration = $null; Created = '2026-04-28T14:09:21.501Z'
            }
            @{ Name = '42_wrapper_success_result_url_200'; Url = 'https://upstream.example/v1/videos/task_upstream/content'
                VideoId = $null; Duration = $null; Created = $null
            }
            @{ Name = '44_comet_nested_success_200'; Url = 'https://example.com/nested.mp4'
                VideoId = 'v-1'; Duration = 5.1; Created = '2026-03-13T01:54:04Z'
            }
        ) {
            $id = Add-Task one
            Add-Answer query 200 (Get-Fixture $Name)
            $task = Wait-KlingTask $id

            $task.Status | Should -Be Succeed
            $task.Videos | Should -HaveCount 1
            $task.Videos[0].Url | Should -BeExactly $Url
            $task.Videos[0].Id | Should -BeExactly $VideoId
            $task.Videos[0].Duration | Should -Be $Duration
            $task.Videos[0].WatermarkUrl | Should -BeNullOrEmpty
            if ($Created) { [Math]::Abs(($task.CreatedAt - [DateTimeOffset] $Created).TotalSeconds) | Should -BeLessThan 1 }
        }

        It '22_succeed_current_official_fields_200 tells the external id' {
            Add-Answer query 200 (Get-Fixture 22_succeed_current_official_fields_200)
            (Get-KlingTask 878106242831892487).ExternalTaskId | Should -BeExactly order-42
        }

        It '30_kling_failed_pixel_200 has failed, with its reason' {
            Add-Answer query 200 (Get-Fixture 30_kling_failed_pixel_200)
            $task = Wait-KlingTask (Add-Task one) -ErrorAction SilentlyContinue -ErrorVariable failures

            $task.Status | Should -Be Failed
            $task.StatusMessage | Should -BeExactly 'Image pixel is invalid'
            Assert-Failure $failures KlingTaskFailed InvalidResult
            $failures[0].Exception.Message | Should -BeLike '*Image pixel is invalid*'
            $failures[0].Exception.RequestId | Should -BeLike 'ace7625a-3e18-49aa-abc4-*'
        }

        It '68_task_not_exist_400 is an unknown id' {
            Add-Answer query 400 (Get-Fixture 68_task_not_exist_400)
            $null = Get-KlingTask (Add-Task one) -ErrorAction SilentlyContinue -ErrorVariable failures

            Assert-Failure $failures KlingTaskNotFound ObjectNotFound
        }

        It '68_task_not_exist_400 is too early for a task that was just submitted' {
            Add-Answer query 400 (Get-Fixture 68_task_not_exist_400)
            $task = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg | Wait-KlingTask

            $task.Status | Should -Be Succeed
        }

        It '<Name> (HTTP <Status>) is asked again' -ForEach @(
            @{ Name = '70_html_504_cloudflare'; Status = 504 }
            @{ Name = '50_kling_1303_parallel_429'; Status = 429 }
        ) {
            $id = Add-Task one
            Add-Answer query $Status (Get-Fixture $Name)

            (Get-KlingTask $id).TaskId | Should -BeExactly $id
            (Get-EmulatorState).counters.queries | Should -Be 2
        }

        It '<Name> (HTTP <Status>) is <Id> at once' -ForEach @(
            @{ Name = '51_kling_1102_balance_429'; Status = 429; Id = 'KlingQuotaExceeded'; Category = 'QuotaExceeded' }
            @{ Name = '60_comet_quota_403'; Status = 403; Id = 'KlingQuotaExceeded'; Category = 'QuotaExceeded' }
            @{ Name = '61_comet_model_not_found_503'; Status = 503; Id = 'KlingModelNotFound'; Category = 'ObjectNotFound' }
        ) {
            Add-Answer query $Status (Get-Fixture $Name)
            $null = Get-KlingTask (Add-Task one) -ErrorAction SilentlyContinue -ErrorVariable failures

            Assert-Failure $failures $Id $Category
            (Get-EmulatorState).counters.queries | Should -Be 1
        }
    }
}
