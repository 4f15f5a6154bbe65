#Requires -Version 7.4

# What PlatyPS leaves as Markdown, as Get-Help shows it.

$script:Width = 78

function ConvertTo-PlainText([string] $Markdown) {
    $Markdown -replace '\[([^\]]+)\]\([^)]*\)', '$1' -replace '`([^`]*)`', '$1' -replace '\*\*([^*]+)\*\*', '$1'
}

function Join-Line([string] $Paragraph) {
    $Paragraph.Trim() -replace '\s*\r?\n\s*', ' '
}

function Add-Element([Xml.XmlNode] $Parent, [string] $Prefix, [string] $Name, [string] $Text) {
    $element = $Parent.OwnerDocument.CreateElement($Prefix, $Name, $Parent.GetNamespaceOfPrefix($Prefix))
    $element.InnerText = $Text
    $null = $Parent.AppendChild($element)
}

# PlatyPS puts an example's code, fences and all, between its paragraphs.
function Edit-Example([Xml.XmlElement] $Command) {
    foreach ($example in $Command.examples.example) {
        $introduction = $example['maml:introduction']
        $remarks = $example['dev:remarks']
        $paragraphs = @($introduction.ChildNodes | ForEach-Object InnerText | Where-Object { $_.Trim([char]0x80, ' ', "`n") })
        $introduction.RemoveAll()
        foreach ($text in $paragraphs) {
            if ($text -match '(?s)^```powershell\r?\n(?<code>.*?)\r?\n```\s*$') {
                $example['dev:code'].InnerText = $Matches.code
            } else {
                Add-Element -Parent $remarks -Prefix maml -Name para -Text $text
            }
        }

        Add-Element -Parent $remarks -Prefix maml -Name para
    }
}

function Edit-Paragraph([Xml.XmlElement] $Command) {
    foreach ($paragraph in @($Command.GetElementsByTagName('maml:para'))) {
        $parent = $paragraph.ParentNode
        foreach ($text in $paragraph.InnerText -split '\r?\n\s*\r?\n') {
            $part = $paragraph.CloneNode($false)
            $part.InnerText = Join-Line (ConvertTo-PlainText $text)
            $null = $parent.InsertBefore($part, $paragraph)
        }

        $null = $parent.RemoveChild($paragraph)
    }
}

function Edit-Parameter([Xml.XmlElement] $Command, [object] $Page) {
    foreach ($parameter in $Command.parameters.parameter) {
        $default = ($Page.Parameters | Where-Object Name -EQ $parameter.name).DefaultValue
        if ($default) { Add-Element -Parent $parameter -Prefix dev -Name defaultValue -Text $default }

        $type = $parameter['command:parameterValue']
        if ($type) { $type.InnerText = $type.InnerText -replace '^.*\.' }
    }
}

# Links to other pages of the Markdown lead nowhere from a console: their names do.
function Edit-Link([Xml.XmlElement] $Command) {
    foreach ($link in @($Command.relatedLinks.navigationLink)) {
        $address = $link['maml:uri']
        if ($link.linkText -eq 'Online Version' -and -not $address.InnerText) {
            $null = $link.ParentNode.RemoveChild($link)
        } elseif ($address.InnerText -notmatch '^https?:') {
            $address.InnerText = ''
        }
    }
}

function Format-Wrapped([string] $Text, [string] $First, [string] $Rest) {
    $line = $First
    $isEmpty = $true
    foreach ($word in $Text -split ' ') {
        if (-not $isEmpty -and $line.Length + 1 + $word.Length -gt $script:Width) {
            $line
            $line = $Rest
            $isEmpty = $true
        }

        $line += ($isEmpty ? '' : ' ') + $word
        $isEmpty = $false
    }

    $line
}

function Format-Table([string[]] $Row) {
    $cells = foreach ($line in $Row) { , @($line.Trim('|', ' ') -split '\s*\|\s*' | ForEach-Object { ConvertTo-PlainText $_ }) }
    $width = ($cells | ForEach-Object { $_[0].Length } | Measure-Object -Maximum).Maximum + 2
    foreach ($cell in $cells | Where-Object { $_[0] -notmatch '^-+$' }) {
        Format-Wrapped -Text ($cell[1..($cell.Count - 1)] -join ', ') -First ('    ' + $cell[0].PadRight($width)) -Rest (' ' * ($width + 4))
    }
}

function Format-Block([string[]] $Line) {
    switch -Regex ($Line[0]) {
        '^```' { $Line[1..($Line.Count - 2)] | ForEach-Object { ('        ' + $_).TrimEnd() } }
        '^# ' { "TOPIC`n    " + $Line[0].Substring(2) }
        '^## ' { $Line[0].Substring(3).ToUpperInvariant() }
        '^\|' { Format-Table $Line }
        '^- ' {
            foreach ($item in ($Line -join "`n") -split '\n(?=- )') {
                Format-Wrapped -Text (Join-Line (ConvertTo-PlainText $item.Substring(2))) -First '    - ' -Rest '      '
            }
        }
        default { Format-Wrapped -Text (Join-Line (ConvertTo-PlainText ($Line -join "`n"))) -First '    ' -Rest '    ' }
    }
}

# Get-Help takes the fifth line for the synopsis, so headings stand on their text.
function ConvertTo-AboutText([string[]] $Line) {
    $text = [Text.StringBuilder]::new()
    $block = [Collections.Generic.List[string]]::new()
    $isCode = $false
    foreach ($one in @($Line) + '') {
        if ($one -or $isCode) {
            $block.Add($one)
            if ($one.StartsWith('```')) { $isCode = -not $isCode }
        } elseif ($block.Count) {
            $null = $text.Append((Format-Block $block.ToArray()) -join "`n").Append($block[0].StartsWith('## ') ? "`n" : "`n`n")
            $block.Clear()
        }
    }

    $text.ToString().TrimEnd()
}
