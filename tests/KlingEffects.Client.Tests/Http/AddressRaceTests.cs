using System.Net;
using System.Net.Sockets;
using KlingEffects.Http;
using KlingEffects.Policies;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests.Http;

/// <summary>An address that leads nowhere does not eat the time of one that works (RFC 8305).</summary>
public sealed class AddressRaceTests
{
    private static readonly IPAddress Six = IPAddress.Parse("2001:db8::1");
    private static readonly IPAddress OtherSix = IPAddress.Parse("2001:db8::2");
    private static readonly IPAddress Four = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress OtherFour = IPAddress.Parse("192.0.2.2");

    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<IPAddress, TaskCompletionSource<Connection>> _attempts = [];
    private readonly List<IPAddress> _order = [];

    [Fact]
    public void Families_take_turns_and_the_systems_first_one_is_first()
    {
        Assert.Equal([Six, Four, OtherSix, OtherFour], AddressRace.InTurns([Six, OtherSix, Four, OtherFour]));
        Assert.Equal([Four, Six, OtherFour], AddressRace.InTurns([Four, OtherFour, Six]));
    }

    [Fact]
    public async Task A_silent_address_costs_a_quarter_of_a_second()
    {
        Task<Connection> race = Run(Six, Four);
        Assert.Equal([Six], _order);
        _time.Advance(Policy.AddressDelay);
        await Begun(Four);
        Connection good = new();
        _attempts[Four].SetResult(good);
        Assert.Same(good, await race);
        Assert.True(_attempts[Six].Task.IsCanceled);
    }

    [Fact]
    public async Task One_that_fails_makes_way_at_once()
    {
        Task<Connection> race = Run(Six, Four);
        _attempts[Six].SetException(new SocketException((int)SocketError.NetworkUnreachable));
        await Begun(Four);
        _attempts[Four].SetResult(new Connection());
        await race;
    }

    [Fact]
    public async Task Who_comes_second_is_closed()
    {
        Task<Connection> race = Run(Six, Four);
        _time.Advance(Policy.AddressDelay);
        await Begun(Four);
        Connection late = new();
        _attempts[Four].SetResult(new Connection());
        await race;
        Assert.False(_attempts[Six].TrySetResult(late));
    }

    [Fact]
    public async Task Where_none_answers_the_first_fault_is_told()
    {
        Task<Connection> race = Run(Six, Four);
        _attempts[Six].SetException(new SocketException((int)SocketError.ConnectionRefused));
        await Begun(Four);
        _attempts[Four].SetException(new SocketException((int)SocketError.NetworkUnreachable));
        Assert.Equal(SocketError.ConnectionRefused, (await Assert.ThrowsAsync<SocketException>(() => race)).SocketErrorCode);
    }

    [Fact]
    public async Task A_stop_ends_every_attempt()
    {
        using CancellationTokenSource stop = new();
        Task<Connection> race = AddressRace.RunAsync([Six, Four], Begin, _time, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => race);
        Assert.All(_attempts.Values, static attempt => Assert.True(attempt.Task.IsCanceled));
    }

    private Task<Connection> Run(params IPAddress[] addresses) => AddressRace.RunAsync(addresses, Begin, _time, TestContext.Current.CancellationToken);

    private Task<Connection> Begin(IPAddress address, CancellationToken stop)
    {
        TaskCompletionSource<Connection> attempt = new();
        stop.Register(() => attempt.TrySetCanceled(stop));
        lock (_order)
        {
            _attempts[address] = attempt;
            _order.Add(address);
        }

        return attempt.Task;
    }

    private async Task Begun(IPAddress address)
    {
        while (true)
        {
            lock (_order)
            {
                if (_order.Contains(address))
                {
                    return;
                }
            }

            await Task.Yield();
        }
    }

    private sealed class Connection : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
