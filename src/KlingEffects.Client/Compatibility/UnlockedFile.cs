using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace KlingEffects;

/// <summary>Reads a file that another process holds for writing.</summary>
internal static class UnlockedFile
{
    private const int ReadOnly = 0;
    private const int Unbuffered = 1;

    /// <summary>Opens the file for reading, whoever has it open, and keeps nobody out.</summary>
    /// <exception cref="IOException">It can't be opened; FileNotFoundException if there is none.</exception>
    public static FileStream OpenRead(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException("There is no such file.", path);
        }

        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, Unbuffered);
        }

        // On Unix .NET takes a shared lock for every reader, which a holder's exclusive one refuses and a new holder trips over.
        SafeFileHandle handle = new(new IntPtr(Open(Encoding.UTF8.GetBytes(path + '\0'), ReadOnly)), ownsHandle: true);
        return handle.IsInvalid
            ? throw new IOException("the system refuses to open it")
            : new FileStream(handle, FileAccess.Read, Unbuffered);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);
}
