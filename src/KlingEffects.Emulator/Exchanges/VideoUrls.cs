using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KlingEffects.Emulator.Tasks;

namespace KlingEffects.Emulator.Exchanges;

/// <summary>Makes and checks the signed, temporary addresses of videos.</summary>
internal sealed class VideoUrls(TimeProvider time)
{
    private const string Folder = "/upload-kling-api/5739745938/";
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    public Uri? Host { get; set; }

    public string Make(EmulatedTask task, int index, TimeSpan lifetime)
    {
        string expires = lifetime == TimeSpan.Zero ? "0" : (time.GetUtcNow() + lifetime).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        string generation = task.UrlGeneration.ToString(CultureInfo.InvariantCulture);
        string path = $"{Folder}{task.Kind}/{Uri.EscapeDataString(task.Id)}-{index.ToString(CultureInfo.InvariantCulture)}.mp4";
        return new Uri(Host!, $"{path}?sig={Sign(path, expires, generation)}&exp={expires}&gen={generation}").AbsoluteUri;
    }

    /// <summary>Reads task id and index out of a path; null when it is no video's.</summary>
    public static (string TaskId, int Index)? Parse(string path)
    {
        const string extension = ".mp4";
        int name = path.LastIndexOf('/') + 1;
        int dash = path.LastIndexOf('-');
        bool isVideo = path.StartsWith(Folder, StringComparison.Ordinal) && path.EndsWith(extension, StringComparison.Ordinal) && dash > name;
        return isVideo && int.TryParse(path.AsSpan(dash + 1, path.Length - extension.Length - dash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? (Uri.UnescapeDataString(path[name..dash]), index)
            : null;
    }

    /// <summary>Whether an address is one that was given away and is still good.</summary>
    public bool IsGood(EmulatedTask task, string path, string query)
    {
        var values = query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2).ToLookup(pair => pair[0], pair => pair[1]);
        string expires = values["exp"].FirstOrDefault() ?? "";
        string generation = values["gen"].FirstOrDefault() ?? "";
        return values["sig"].FirstOrDefault() == Sign(path, expires, generation)
            && generation == task.UrlGeneration.ToString(CultureInfo.InvariantCulture)
            && (expires == "0" || time.GetUtcNow().ToUnixTimeMilliseconds() < long.Parse(expires, CultureInfo.InvariantCulture));
    }

    private string Sign(string path, string expires, string generation) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{path}\n{expires}\n{generation}")));
}
