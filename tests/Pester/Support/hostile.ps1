#Requires -Version 7.4

# A server whose every field, header, line and body can be a hostile text. Places are data: a new field is one more leaf of a sample below.

$HostileKey = 'sk-hostile-4f91c07be2d83a56'

# What a text may hold that must not get further: the key in its forms, what steers terminals, and what build systems take for commands.
$HostileLine = @(
    'pwned', $HostileKey, $HostileKey.ToUpperInvariant(), "Bearer $HostileKey", $HostileKey.Substring(9)
    -join ($HostileKey.ToCharArray() | ForEach-Object { '%{0:x2}' -f [int] $_ })
    [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($HostileKey))
    [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("Bearer $HostileKey")).Replace('+', '-').Replace('/', '_')
    [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("x:$HostileKey"))
    "https://bob:hostile-pw@h.example/x?token=$HostileKey"
    '::error::pwned ##vso[task.setvariable variable=a]pwned ##[error]pwned ##teamcity[pwned] section_start:1:pwned [[ATTACHMENT|/etc/passwd]]'
) -join ' '
$HostileControls = "`e]0;pwned`a`e[31mpwned$([char] 0x9B)31m`b`u{202E}`u{2066}`u{200B}`u{FEFF}`u{200F}"
$HostileText = "$HostileLine$HostileControls$([char] 0)" + ("`n", "`r", "`r`n", "`u{85}", "`u{2028}", "`u{2029}" |
        ForEach-Object { "$_::error::pwned$_##vso[task.logissue]pwned$_##teamcity[pwned]${_}section_end:1:pwned" }) -join ''

# A header's value holds no line breaks, and each byte stands for one character.
$HostileHeader = "$HostileLine`e]0;pwned`a$([char] 0x9B)31m"

$Samples = [ordered] @{
    submit = @{ code = 0; message = 'SUCCEED'; request_id = 'r-1'
        data = @{ task_id = 't-{place}'; task_status = 'submitted'; task_info = @{ external_task_id = '{place}' }; created_at = 1790000000000; updated_at = 1790000000000 }
    }
    query  = @{ code = 0; message = 'SUCCEED'; request_id = 'r-2'
        data = @{ task_id = 't-{place}'; task_status = 'succeed'; task_status_msg = ''; task_info = @{ external_task_id = '{place}' }; created_at = 1790000000000; updated_at = 1790000000000
            final_unit_deduction = '1'; final_balance_deduction = @{ quota = '0.1'; list_price = '0.2' }; progress = '100%'; fail_reason = ''
            task_result = @{ videos = @(@{ id = 'v-{place}'; url = '{base}/videos/{place}.mp4'; watermark_url = '{base}/videos/{place}-w.mp4'; duration = '5' }) }
        }
    }
    failed = @{ code = 0; message = 'SUCCEED'; request_id = 'r-3'; data = @{ task_id = 't-{place}'; task_status = 'failed'; task_status_msg = 'no face'; fail_reason = 'no face'; code = 1301 } }
    error  = @{ error = @{ message = 'no'; type = 'invalid_request_error'; code = 'bad'; param = 'image' }; request_id = 'r-4' }
    plain  = @{ code = 1201; message = 'no'; request_id = 'r-5'; detail = 'no'; msg = 'no'; title = 'no' }
}

function Get-LeafPath($Node, [object[]] $Path = @()) {
    if ($Node -is [Collections.IDictionary]) { foreach ($name in @($Node.Keys)) { Get-LeafPath $Node[$name] ($Path + $name) } }
    elseif ($Node -is [object[]]) { for ($i = 0; $i -lt $Node.Count; $i++) { Get-LeafPath $Node[$i] ($Path + $i) } }
    else { , $Path }
}

function Get-Mutation([string] $Sample, [string] $Text) {
    foreach ($path in Get-LeafPath $Samples[$Sample]) {
        $copy = $Samples[$Sample] | ConvertTo-Json -Depth 9 | ConvertFrom-Json -AsHashtable -Depth 9
        $node = $copy
        foreach ($step in $path | Select-Object -SkipLast 1) { $node = $node[$step] }
        $node[$path[-1]] = $Text
        [pscustomobject]@{ Name = "$Sample.$($path -join '.')"; Body = $copy | ConvertTo-Json -Depth 9 -Compress }
    }
}

function New-Answer([string] $Status = '200 OK', [string[]] $Header = @('Content-Type: application/json'), [string] $Body = '') {
    $content = [Text.Encoding]::UTF8.GetBytes($Body)
    $head = [Text.Encoding]::Latin1.GetBytes(((@("HTTP/1.1 $Status") + $Header + "Content-Length: $($content.Length)" + 'Connection: close') -join "`r`n") + "`r`n`r`n")
    , [byte[]] ($head + $content)
}

function Get-HostilePlace {
    <#
    .SYNOPSIS
    The places: a name, the call whose answer it is, and the answer.
    #>
    [CmdletBinding()]
    param()

    $ok = { param($Sample) $Samples[$Sample] | ConvertTo-Json -Depth 9 -Compress }
    foreach ($sample in 'submit', 'query', 'failed') {
        foreach ($mutation in Get-Mutation $sample $HostileText) {
            @{ Name = $mutation.Name; Call = $(if ($sample -eq 'submit') { 'submit' } else { 'query' }); Answer = New-Answer -Body $mutation.Body }
        }
    }

    foreach ($call in 'submit', 'query') {
        foreach ($sample in 'error', 'plain') {
            foreach ($mutation in Get-Mutation $sample $HostileText) { @{ Name = "$call $($mutation.Name)"; Call = $call; Answer = New-Answer '400 Bad Request' -Body $mutation.Body } }
        }

        foreach ($name in 'X-Request-Id', 'Retry-After', 'Content-Type', 'Content-Encoding', 'WWW-Authenticate', 'Server', 'Set-Cookie', 'Date', 'X-RateLimit-Reset') {
            @{ Name = "$call header $name"; Call = $call; Answer = New-Answer '401 Unauthorized' -Header "${name}: $HostileHeader" -Body (& $ok error) }
        }

        foreach ($code in 301, 303, 307, 308) {
            @{ Name = "$call redirect $code"; Call = $call; Answer = New-Answer "$code Moved" -Header "Location: https://h.example/$HostileHeader" }
        }

        @{ Name = "$call status line"; Call = $call; Answer = New-Answer "403 $HostileHeader" -Body (& $ok error) }
        @{ Name = "$call header without a colon"; Call = $call; Answer = New-Answer '403 Forbidden' -Header "Authorization Bearer $HostileHeader" -Body (& $ok error) }
        @{ Name = "$call header's name"; Call = $call; Answer = New-Answer '403 Forbidden' -Header "$($HostileHeader -replace '\S+hostile-pw\S+' -replace '[: ]', '-'): x" -Body (& $ok error) }
        @{ Name = "$call version"; Call = $call; Answer = [Text.Encoding]::Latin1.GetBytes("HTTP/9.9 $HostileHeader`r`n`r`n") }
        @{ Name = "$call no HTTP"; Call = $call; Answer = [Text.Encoding]::UTF8.GetBytes($HostileText) }
        @{ Name = "$call chunk"; Call = $call; Answer = [Text.Encoding]::Latin1.GetBytes("HTTP/1.1 403 Forbidden`r`nTransfer-Encoding: chunked`r`n`r`n$HostileHeader`r`n") }
        @{ Name = "$call page"; Call = $call; Answer = New-Answer '403 Forbidden' -Header 'Content-Type: text/html' -Body "<html><title>$HostileText</title>$HostileText</html>" }
        @{ Name = "$call text"; Call = $call; Answer = New-Answer '403 Forbidden' -Header 'Content-Type: text/plain' -Body $HostileText }
        @{ Name = "$call text of an answer that went well"; Call = $call; Answer = New-Answer -Body $HostileText }
        @{ Name = "$call broken JSON"; Call = $call; Answer = New-Answer -Body "{`"code`":0,`"data`":{`"$HostileText`"" }
        @{ Name = "$call member's name"; Call = $call; Answer = New-Answer '400 Bad Request' -Body (@{ $HostileText = $HostileText } | ConvertTo-Json) }
        @{ Name = "$call event"; Call = $call; Answer = New-Answer -Header 'Content-Type: text/event-stream' -Body "event: $HostileText`ndata: $HostileText`n`n" }
    }

    foreach ($name in 'Content-Type', 'Content-Disposition', 'Content-Encoding', 'ETag', 'Last-Modified', 'Content-Range', 'Content-MD5', 'x-goog-hash', 'Digest', 'Server', 'x-amz-error-code') {
        @{ Name = "video header $name"; Call = 'video'; Answer = New-Answer '410 Gone' -Header "${name}: $HostileHeader" -Body $HostileText }
    }

    @{ Name = 'video page'; Call = 'video'; Answer = New-Answer '410 Gone' -Body "<?xml version=`"1.0`"?><Error><Code>$HostileText</Code><Message>$HostileText</Message></Error>" }
    @{ Name = 'video status line'; Call = 'video'; Answer = New-Answer "410 $HostileHeader" -Body $HostileText }
    @{ Name = 'video refused'; Call = 'video'; Answer = New-Answer '451 No' -Body (@{ message = $HostileText; code = $HostileText } | ConvertTo-Json) }
    @{ Name = 'video redirect'; Call = 'video'; Answer = New-Answer '302 Found' -Header "Location: {base}/videos/elsewhere/$HostileKey.mp4" }
}

# The smallest whole video: its boxes are complete.
$HostileVideo = [byte[]] (@(0, 0, 0, 16) + [Text.Encoding]::ASCII.GetBytes('ftypisom') + @(0, 0, 2, 0) + @(0, 0, 0, 8) + [Text.Encoding]::ASCII.GetBytes('moov') + @(0, 0, 0, 16) + [Text.Encoding]::ASCII.GetBytes('mdat12345678'))

if (-not ('HostileServer' -as [type])) {
    Add-Type -TypeDefinition @'
using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

// Answers each connection's one request with what is kept for its call and its place, else with the call's usual answer.
public sealed class HostileServer : IDisposable
{
    private readonly TcpListener _listener = new TcpListener(IPAddress.Loopback, 0);
    private readonly Dictionary<string, byte[]> _answers;

    public HostileServer(Dictionary<string, byte[]> answers)
    {
        _answers = answers;
        _listener.Start();
        Task.Run(AcceptAsync);
    }

    public List<string> Requests { get; } = new List<string>();

    public string Address => "http://127.0.0.1:" + ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client;
            try { client = await _listener.AcceptTcpClientAsync(); } catch (Exception) { return; }
            _ = Task.Run(() => AnswerAsync(client));
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                StringBuilder text = new StringBuilder();
                byte[] block = new byte[16384];
                while (!IsWhole(text.ToString()))
                {
                    int count = await stream.ReadAsync(block, 0, block.Length);
                    if (count == 0) { return; }
                    text.Append(Encoding.Latin1.GetString(block, 0, count));
                }

                string request = text.ToString();
                string line = request.Substring(0, request.IndexOf('\r'));
                lock (Requests) { Requests.Add(line); }
                string place = Regex.Match(request, @"p\d{3}").Value;
                string call = line.StartsWith("POST") ? "submit" : line.Contains("/v1/videos/") ? "query" : line.Contains("/videos/") ? "video" : "other";
                byte[] answer;
                if (!_answers.TryGetValue(call + " " + place, out answer) && !_answers.TryGetValue(call, out answer)) { answer = _answers["other"]; }
                string head = Encoding.Latin1.GetString(answer).Replace("{place}", place).Replace("{base}", Address);
                Match length = Regex.Match(head, @"(?<=\r\nContent-Length: )\d+");
                int body = head.IndexOf("\r\n\r\n") + 4;
                if (length.Success) { head = head.Remove(length.Index, length.Length).Insert(length.Index, (head.Length - body).ToString()); }
                byte[] bytes = Encoding.Latin1.GetBytes(head);
                await stream.WriteAsync(bytes, 0, bytes.Length);
                client.Client.Shutdown(SocketShutdown.Send);
                while (await stream.ReadAsync(block, 0, block.Length) > 0) { }
            }
            catch (Exception) { }
        }
    }

    private static bool IsWhole(string request)
    {
        int end = request.IndexOf("\r\n\r\n");
        Match length = Regex.Match(request, @"(?<=\r\nContent-Length: )\d+");
        return end > 0 && request.Length - end - 4 >= (length.Success && length.Index < end ? int.Parse(length.Value) : 0);
    }
}
'@
}

function Start-HostileServer([object[]] $Place) {
    $answers = [Collections.Generic.Dictionary[string, byte[]]]::new()
    $answers['submit'] = New-Answer -Body ($Samples.submit | ConvertTo-Json -Depth 9 -Compress)
    $answers['query'] = New-Answer -Body ($Samples.query | ConvertTo-Json -Depth 9 -Compress)
    $answers['video'] = [byte[]] ([Text.Encoding]::ASCII.GetBytes("HTTP/1.1 200 OK`r`nContent-Type: video/mp4`r`nContent-Length: 0`r`nConnection: close`r`n`r`n") + $HostileVideo)
    $answers['other'] = New-Answer '404 Not Found' -Body $HostileText
    for ($i = 0; $i -lt $Place.Count; $i++) { $answers["$($Place[$i].Call) p$('{0:000}' -f $i)"] = $Place[$i].Answer }
    [HostileServer]::new($answers)
}

function Find-Hostile([string] $Text, [switch] $OfTerminal, [switch] $OfData) {
    <#
    .SYNOPSIS
    What a text holds that must not be there, with what stands around it. A terminal has control characters of the shell's own; data has no lines that a build reads.
    #>
    $forms = @(
        [regex]::Escape($HostileKey.Substring(9)), 'hostile-pw'
        [regex]::Escape([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($HostileKey)).Substring(0, 20))
        [regex]::Escape([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("Bearer $HostileKey")).Substring(12, 16))
        [regex]::Escape([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("x:$HostileKey")).Substring(4, 16))
        '%73%6b%2d%68', '[\u202A-\u202E\u2066-\u2069\u200B\u200E\u200F\uFEFF\u2028\u2029\u0080-\u009F]'
        if ($OfTerminal) { '\x1b\]0;pwn', '\x1b\[31mpwn', '\x07' } else { '[\x00-\x08\x0B\x0C\x0E-\x1F]' }
        if (-not $OfData) { '(?m)^\s*::[a-z]', '##(vso|teamcity)?\[', 'section_(start|end):', '\[\[ATTACHMENT' }
    )
    foreach ($form in $forms) {
        foreach ($match in [regex]::Matches($Text, $form, 'IgnoreCase') | Select-Object -First 2) {
            $start = [Math]::Max(0, $match.Index - 160)
            "$form : $([regex]::Escape($Text.Substring($start, [Math]::Min(220, $Text.Length - $start))))"
        }
    }
}
