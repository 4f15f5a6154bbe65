#if !NETSTANDARD2_0
using KlingEffects.Policies;

namespace KlingEffects;

/// <summary>
/// A connection that listens while a request's body is stuck in it. .NET's client reads no answer before the body has left; a server that
/// has refused and reads no further would hold it until its timeout. Once the answer is there, the rest of the body is kept back, and
/// nothing else is ever written.
/// </summary>
internal sealed class ListeningStream(Stream connection) : Stream
{
    // .NET's client reads an answer's head in blocks of this size (HttpConnection.InitialReadBufferSize, dotnet/runtime, 2026-11); what asks
    // for more is in the midst of a body.
    private const int Size = 4096;
    private const int FirstRefusal = 300;

    private readonly object _gate = new();
    private byte[] _heard = [];
    private int _start;
    private int _end;
    private bool _hasEnded;
    private bool _isDisposed;
    private Task _listening = Task.CompletedTask;
    private AnswerHead _head = new();
    private int _answerHeaders = -1;
    private Upload? _upload;

    private static ReadOnlySpan<byte> CloseHeader => "Connection: close\r\n"u8;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (buffer.Length > Size && _start == _end && _listening.IsCompletedSuccessfully && !_hasEnded)
            {
                return connection.ReadAsync(buffer, cancellationToken);
            }
        }

        return TakeAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Upload? upload = Upload.Current;
        lock (_gate)
        {
            if (_upload?.IsCut == true)
            {
                return upload == _upload ? default
                    : ValueTask.FromException(new IOException("The connection ended with an upload that its server refused."));
            }

            Begin(upload);
        }

        return upload is null ? connection.WriteAsync(buffer, cancellationToken) : SendAsync(buffer, upload, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        _upload?.IsCut == true ? Task.CompletedTask : connection.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    // A head that leaves by itself, or a body whose head leaves with it, begins a request: what is heard from now on is the answer to it.
    private void Begin(Upload? upload)
    {
        if (upload is null || (upload != _upload && !upload.FollowsHead))
        {
            _head = new();
            _answerHeaders = -1;
        }

        if (upload is not null && upload != _upload)
        {
            _upload = upload;
            upload.Answer = _head.Status;
        }
    }

    private async ValueTask<int> TakeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_gate)
            {
                bool isWithheld = _upload is { Answer: not null, Ended.IsCompleted: false } && _start < _answerHeaders;
                if (_start < _end && !isWithheld)
                {
                    int taken = Math.Min(buffer.Length, _end - _start);
                    _heard.AsMemory(_start, taken).CopyTo(buffer);
                    _start += taken;
                    _answerHeaders = _start < _answerHeaders ? _answerHeaders : -1;
                    return taken;
                }

                if (_hasEnded && !isWithheld)
                {
                    return 0;
                }

                next = isWithheld ? _upload!.Ended : Listen();
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (buffer.IsEmpty)
            {
                return 0;
            }
        }
    }

    // Whoever listens, one read is under way at a time. The caller has the lock.
    private Task Listen()
    {
        if (_listening.IsCompletedSuccessfully && !_hasEnded)
        {
            if (_start == _end)
            {
                _start = _end = 0;
            }

            if (_heard.Length == 0)
            {
                _heard = new byte[Size + CloseHeader.Length];
            }

            _listening = HearAsync();
            _ = _listening.ContinueWith(static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }

        return _listening;
    }

    private async Task HearAsync()
    {
        int read = await connection.ReadAsync(_heard.AsMemory(_end, Size - _end)).ConfigureAwait(false);
        lock (_gate)
        {
            int headers = _head.Hear(_heard.AsSpan(_end, read));
            if (headers >= 0)
            {
                _answerHeaders = _end + headers;
            }

            if (_upload is { Ended.IsCompleted: false } upload)
            {
                upload.Answer ??= _head.Status;
            }

            _end += read;
            _hasEnded = read == 0;
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> buffer, Upload upload, CancellationToken cancellationToken)
    {
        using CancellationTokenSource refused = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task writing = connection.WriteAsync(buffer, refused.Token).AsTask();
        try
        {
            if (!writing.IsCompleted)
            {
                await WatchAsync(writing, upload, refused).ConfigureAwait(false);
            }

            await writing.ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException && !_isDisposed && !cancellationToken.IsCancellationRequested)
        {
            if (!await IsAnsweredAsync(upload).ConfigureAwait(false))
            {
                throw;
            }

            Cut(upload);
        }
    }

    private async Task WatchAsync(Task writing, Upload upload, CancellationTokenSource refused)
    {
        while (upload.Answer is null)
        {
            Task? listening = ListenOn();
            if (listening is null || await Task.WhenAny(writing, listening).ConfigureAwait(false) == writing || !listening.IsCompletedSuccessfully)
            {
                return;
            }
        }

        if (upload.Answer >= FirstRefusal)
        {
            using CancellationTokenSource timer = new();
            await Task.WhenAny(writing, upload.Time.WaitAsync(Policy.RefusedUpload, timer.Token)).ConfigureAwait(false);
            await timer.CancelAsync().ConfigureAwait(false);
            if (!writing.IsCompleted)
            {
                await refused.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    // Null where there is no more to be heard.
    private Task? ListenOn()
    {
        lock (_gate)
        {
            return _hasEnded || (_end == Size && _start < _end) || _listening.IsFaulted ? null : Listen();
        }
    }

    // What a server said before it hung up may still be on its way through this machine.
    private async Task<bool> IsAnsweredAsync(Upload upload)
    {
        if (upload.Answer is null && ListenOn() is { } listening)
        {
            await Task.WhenAny(listening, upload.Time.WaitAsync(Policy.RefusedUpload, CancellationToken.None)).ConfigureAwait(false);
        }

        return upload.Answer is not null;
    }

    private void Cut(Upload upload)
    {
        lock (_gate)
        {
            upload.IsCut = true;
            if (_answerHeaders < 0)
            {
                return;
            }

            // The server waits for the rest of this body, so that no other request may follow: the answer is made to say so.
            _heard.AsSpan(_answerHeaders, _end - _answerHeaders).CopyTo(_heard.AsSpan(_answerHeaders + CloseHeader.Length));
            CloseHeader.CopyTo(_heard.AsSpan(_answerHeaders));
            _end += CloseHeader.Length;
            _answerHeaders = -1;
        }
    }
}
#endif
