namespace KlingEffects;

/// <summary>Finds the status of the final answer in the bytes of a connection; 100 and its like come before it (RFC 9110, 15.2).</summary>
internal sealed class AnswerHead
{
    private const int StatusStart = 9;
    private const int StatusEnd = 12;

    private readonly byte[] _line = new byte[StatusEnd];
    private int _length;
    private bool _isInterim;
    private bool _isOver;

    /// <summary>The final status, or null as long as its line has not come whole.</summary>
    public int? Status { get; private set; }

    /// <summary>Takes what came.</summary>
    /// <returns>Where in it the final answer's status line is over, or -1.</returns>
    public int Hear(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length && !_isOver; at++)
        {
            byte one = bytes[at];
            if (one == '\n')
            {
                EndLine();
                if (Status is not null)
                {
                    return at + 1;
                }
            }
            else if (one != '\r')
            {
                if (_length < StatusEnd)
                {
                    _line[_length] = one;
                }

                _length++;
            }
        }

        return -1;
    }

    private void EndLine()
    {
        bool isEmpty = _length == 0;
        int? status = isEmpty || _isInterim ? null : StatusOf(_line.AsSpan(0, Math.Min(_length, StatusEnd)));
        _length = 0;
        if (_isInterim || isEmpty)
        {
            _isInterim = _isInterim && !isEmpty;
            return;
        }

        _isInterim = status is >= 100 and < 200;
        _isOver = !_isInterim;
        Status = _isInterim ? null : status;
    }

    private static int? StatusOf(ReadOnlySpan<byte> line)
    {
        if (line.Length < StatusEnd || !line.StartsWith("HTTP/1."u8))
        {
            return null;
        }

        int status = 0;
        foreach (byte digit in line.Slice(StatusStart))
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return null;
            }

            status = (status * 10) + digit - '0';
        }

        return status;
    }
}
