using System.Globalization;
using System.Text;

namespace KlingEffects.Emulator.Specification;

/// <summary>
/// Reads JSON as it arrives and takes the long strings out of it: what stays is a small skeleton, in which each of them
/// stands as a name that nobody can guess.
/// </summary>
internal sealed class JsonSplitter : IDisposable
{
    private const int LongFrom = 8 * 1024;
    private const int SkeletonLimit = 1024 * 1024;
    private readonly string _nonce = Guid.NewGuid().ToString("N");
    private readonly MemoryStream _skeleton = new();
    private readonly Dictionary<string, LongText> _longTexts = new(StringComparer.Ordinal);
    private readonly StringBuilder _hexDigits = new(4);
    private Place _place;
    private long _stringStart;
    private LongText? _long;

    private enum Place
    {
        Outside,
        InString,
        AfterBackslash,
        InHexDigits,
    }

    /// <summary>The long strings by the names that stand for them.</summary>
    public IReadOnlyDictionary<string, LongText> LongTexts => _longTexts;

    /// <summary>Whether more than long strings was too long: no request of this API is.</summary>
    public bool IsTooLong => _skeleton.Length > SkeletonLimit;

    public ReadOnlyMemory<byte> Skeleton => _skeleton.GetBuffer().AsMemory(0, (int)_skeleton.Length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !IsTooLong)
        {
            bytes = bytes[(_place switch
            {
                Place.Outside => Outside(bytes),
                Place.InString => InString(bytes),
                Place.AfterBackslash => AfterBackslash(bytes[0]),
                _ => InHexDigits(bytes[0]),
            })..];
        }
    }

    public void Dispose()
    {
        _long?.Dispose();
        foreach (LongText text in _longTexts.Values)
        {
            text.Dispose();
        }

        _skeleton.Dispose();
    }

    private int Outside(ReadOnlySpan<byte> bytes)
    {
        int quote = bytes.IndexOf((byte)'"');
        int count = quote < 0 ? bytes.Length : quote + 1;
        _skeleton.Write(bytes[..count]);
        if (quote >= 0)
        {
            _place = Place.InString;
            _stringStart = _skeleton.Length;
        }

        return count;
    }

    private int InString(ReadOnlySpan<byte> bytes)
    {
        int stop = bytes.IndexOfAny((byte)'"', (byte)'\\');
        ReadOnlySpan<byte> run = stop < 0 ? bytes : bytes[..stop];
        if (_long is null && _skeleton.Length - _stringStart + run.Length > LongFrom)
        {
            BecomeLong();
        }

        Text(run);
        if (stop < 0)
        {
            return run.Length;
        }

        if (bytes[stop] == '\\')
        {
            _place = Place.AfterBackslash;
        }
        else
        {
            EndString();
        }

        return run.Length + 1;
    }

    private int AfterBackslash(byte letter)
    {
        _place = letter == 'u' ? Place.InHexDigits : Place.InString;
        if (_long is null)
        {
            _skeleton.Write([(byte)'\\', letter]);
        }
        else if (letter != 'u')
        {
            Unescape(letter, _long);
        }

        return 1;
    }

    private void Unescape(byte letter, LongText text)
    {
        byte? meant = letter switch
        {
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'"' or (byte)'\\' or (byte)'/' => letter,
            _ => null,
        };
        if (meant is { } value)
        {
            text.Append([value]);
        }
        else
        {
            // What is no JSON here must be none in the skeleton.
            _skeleton.Write([(byte)'\\', letter]);
        }
    }

    private int InHexDigits(byte digit)
    {
        if (_long is null)
        {
            _skeleton.WriteByte(digit);
        }

        if (_hexDigits.Append((char)digit).Length == 4)
        {
            bool isLetter = ushort.TryParse(_hexDigits.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort letter);
            _long?.Append(isLetter ? Encoding.UTF8.GetBytes([(char)letter]) : "?"u8);
            _skeleton.Write(isLetter || _long is null ? [] : "\\u?"u8);
            _hexDigits.Clear();
            _place = Place.InString;
        }

        return 1;
    }

    private void Text(ReadOnlySpan<byte> run)
    {
        if (_long is null)
        {
            _skeleton.Write(run);
        }
        else
        {
            _long.Append(run);
        }
    }

    private void BecomeLong()
    {
        byte[] begun = Skeleton[(int)_stringStart..].ToArray();
        _skeleton.SetLength(_stringStart);
        _long = new LongText();
        Append(begun);
    }

    private void EndString()
    {
        _place = Place.Outside;
        if (_long is not null)
        {
            string name = $"{_nonce}{_longTexts.Count}";
            _long.Complete();
            _longTexts.Add(name, _long);
            _long = null;
            _skeleton.Write(Encoding.ASCII.GetBytes(name));
        }

        _skeleton.WriteByte((byte)'"');
    }
}
