using KlingEffects.Reports;

namespace KlingEffects.Tests;

public sealed class FileUrlTests
{
    [Theory]
    [InlineData("/runs/7/report.html", "/runs/7/ana.jpg", "ana.jpg")]
    [InlineData("/runs/7/report.html", "/runs/7/out/ana.mp4", "out/ana.mp4")]
    [InlineData("/runs/7/report.html", "/runs/photos/ana.jpg", "../photos/ana.jpg")]
    [InlineData("/runs/7/report.html", "/home/me/ana.jpg", "../../home/me/ana.jpg")]
    [InlineData("/report.html", "/ana.jpg", "ana.jpg")]
    [InlineData("/runs/7/report.html", "/runs/7/./x/../ana.jpg", "ana.jpg")]
    [InlineData("/runs/7/report.html", "/runs/Photos/ana.jpg", "../Photos/ana.jpg")]
    [InlineData("/Runs/7/report.html", "/runs/7/ana.jpg", "../../runs/7/ana.jpg")]
    [InlineData(@"C:\runs\7\report.html", @"c:\Runs\7\out\ana.jpg", "out/ana.jpg")]
    [InlineData(@"C:\runs\7\report.html", "C:/runs/photos/ana.jpg", "../photos/ana.jpg")]
    [InlineData(@"C:\runs\report.html", @"D:\photos\ana & ben.jpg", "file:///D:/photos/ana%20%26%20ben.jpg")]
    [InlineData(@"\\?\C:\runs\report.html", @"C:\runs\ana.jpg", "ana.jpg")]
    [InlineData(@"\\nas\share\runs\report.html", @"\\NAS\share\photos\ana.jpg", "../photos/ana.jpg")]
    [InlineData("/runs/report.html", @"C:\photos\ana.jpg", "file:///C:/photos/ana.jpg")]
    [InlineData(@"C:\runs\report.html", "/home/me/ana.jpg", "file:///home/me/ana.jpg")]
    [InlineData("/runs/report.html", "/runs/100% [1] #2?.jpg", "100%25%20%5B1%5D%20%232%3F.jpg")]
    [InlineData("/runs/report.html", "/runs/javascript:alert(1)", "javascript%3Aalert%281%29")]
    [InlineData("/runs/report.html", "/runs/back\\slash.jpg", "back%5Cslash.jpg")]
    [InlineData("/runs/report.html", "/runs/دانا🎂.jpg", "%D8%AF%D8%A7%D9%86%D8%A7%F0%9F%8E%82.jpg")]
    public void A_file_is_referred_to_from_the_folder_of_the_report(string report, string file, string url)
    {
        ReportLink link = new ReportLinks(report, static _ => null).To(file);
        Assert.Equal(url, link.Url);
        Assert.False(link.IsWeb);
    }

    [Theory]
    [InlineData(@"C:\runs\report.html", @"\\nas\share\ana.jpg", "file://nas/share/ana.jpg")]
    [InlineData("/runs/report.html", @"\\evil.example\share\me.png", "file://evil.example/share/me.png")]
    [InlineData(@"\\nas\share\report.html", @"\\evil.example\share\me.png", "file://evil.example/share/me.png")]
    [InlineData("/runs/report.html", "//evil.example/share/me.png", "file://evil.example/share/me.png")]
    [InlineData(@"C:\runs\report.html", "/\\evil.example/share/me.png", "file://evil.example/share/me.png")]
    [InlineData("/runs/report.html", "file://evil.example/share/me.png", null)]
    [InlineData("/runs/report.html", @"\\?\UNC\evil.example\share\me.png", null)]
    public void A_file_of_another_host_is_nothing_that_the_page_asks_for_by_itself(string report, string file, string? url)
    {
        ReportLink link = new ReportLinks(report, static _ => null).To(file);
        Assert.Equal(url, link.Url);
        Assert.True(link.IsWeb || link.Url is null);
    }

    [Theory]
    [InlineData("https://me:secret@images.example/people/ana.jpg?X-Amz-Signature=93aa#top", "https://images.example/people/ana.jpg", "ana.jpg")]
    [InlineData("HTTP://images.example/ana.jpg", "HTTP://images.example/ana.jpg", "ana.jpg")]
    public void A_picture_on_the_web_has_no_signature(string image, string url, string name)
    {
        ReportLink link = new ReportLinks("/runs/report.html", static _ => null).To(image);
        Assert.Equal(url, link.Url);
        Assert.Equal(name, link.Name);
        Assert.True(link.IsWeb);
    }

    [Fact]
    public void What_is_no_whole_path_is_looked_for_or_has_a_name_only()
    {
        ReportLinks links = new("/runs/report.html", static _ => null);
        Assert.Equal(new ReportLink("data:image/png;… (12 KB)", null, IsWeb: false), links.To("data:image/png;… (12 KB)"));
        Assert.Equal(new ReportLink("ana.jpg", null, IsWeb: false), links.To("photos/ana.jpg"));
        Assert.Equal("half%EF%BF%BD.jpg", links.To("/runs/half\ud83d.jpg").Url);
        Assert.Equal("file:///D:/ana.jpg", new ReportLinks("/runs/report.html", static path => @"D:\" + path).To("ana.jpg").Url);
    }
}
