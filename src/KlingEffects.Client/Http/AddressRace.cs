namespace KlingEffects.Http;

/// <summary>Connects to whichever address of a host answers first (Happy Eyeballs, RFC 8305): a dead one costs 250 ms.</summary>
internal static class AddressRace
{
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken stop)
    {
        IPAddress[] addresses = IPAddress.TryParse(host.Host, out IPAddress? literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host.Host, stop).ConfigureAwait(false);
        Socket winner = addresses.Length == 1
            ? await OpenAsync(new IPEndPoint(addresses[0], host.Port), stop).ConfigureAwait(false)
            : await RunAsync(InTurns(addresses), (one, token) => OpenAsync(new(one, host.Port), token), TimeProvider.System, stop)
                .ConfigureAwait(false);
        return new NetworkStream(winner, ownsSocket: true);
    }

    /// <summary>The addresses with the families alternating, the system's first one first (RFC 8305, 4).</summary>
    public static IReadOnlyList<IPAddress> InTurns(IReadOnlyList<IPAddress> addresses)
    {
        ILookup<bool, IPAddress> families = addresses.ToLookup(address => address.AddressFamily == addresses[0].AddressFamily);
        return [.. families.SelectMany(static family => family.Select((address, turn) => (address, turn, isFirst: family.Key)))
            .OrderBy(static one => one.turn).ThenByDescending(static one => one.isFirst).Select(static one => one.address)];
    }

    /// <summary>The result of the first attempt that succeeds. The next one starts when one fails or takes too long.</summary>
    public static async Task<T> RunAsync<T>(
        IReadOnlyList<IPAddress> addresses, Func<IPAddress, CancellationToken, Task<T>> connect, TimeProvider time, CancellationToken stop)
        where T : IDisposable
    {
        using CancellationTokenSource losers = CancellationTokenSource.CreateLinkedTokenSource(stop);
        List<Task<T>> running = [];
        Exception? failure = null;
        int begun = 0;
        try
        {
            while (begun < addresses.Count || running.Count > 0)
            {
                if (begun < addresses.Count)
                {
                    running.Add(connect(addresses[begun++], losers.Token));
                }

                Task[] patience = begun < addresses.Count ? [time.Delay(Policy.AddressDelay, losers.Token)] : [];
                Task first = await Task.WhenAny([.. running, .. patience]).ConfigureAwait(false);
                stop.ThrowIfCancellationRequested();
                if (first is not Task<T> ended)
                {
                    continue;
                }

                running.Remove(ended);
                if (ended.Status == TaskStatus.RanToCompletion)
                {
                    return await ended.ConfigureAwait(false);
                }

                failure ??= ended.Exception?.InnerException;
            }
        }
        finally
        {
            losers.Cancel();
            running.ForEach(static late => late.ContinueWith(
                Discard, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    // Reading the exception marks it as observed.
    private static void Discard<T>(Task<T> late)
        where T : IDisposable
    {
        if (late.Exception is null && !late.IsCanceled)
        {
            late.Result.Dispose();
        }
    }

    private static async Task<Socket> OpenAsync(IPEndPoint end, CancellationToken stop)
    {
        Socket socket = new(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(end, stop).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
