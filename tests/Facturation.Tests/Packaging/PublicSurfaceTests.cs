using System.Text;
using Facturation.Tests.Snapshots;
using Facturation.WebApi2;
using PublicApiGenerator;

namespace Facturation.Tests.Packaging;

public sealed class PublicSurfaceTests
{
    /// <summary>What applications may use: a line that goes away breaks them, and a new one is a promise.</summary>
    [Test]
    public void Package_PublicTypes_AreAsReviewed()
    {
        var surface = typeof(WebApi2Extensions).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false });

        Snapshot.Match(Encoding.UTF8.GetBytes(surface.ReplaceLineEndings("\n")), "txt");
    }
}
