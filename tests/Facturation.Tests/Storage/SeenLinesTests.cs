using Facturation.Core;
using Facturation.Storage.Sqlite;

namespace Facturation.Tests.Storage;

/// <summary>The lines of an import, in a temporary file.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SeenLinesTests
{
    private static readonly LigneConsommation Line = new(1, "Eau", "U", "D", new(2026, 3, 22, 8, 30, 0), 1, "Froide", 5);

    [Test]
    public void Add_SameLineAgain_IsThePlaceOfTheFirst()
    {
        using var seen = new SeenLines();

        Assert.That(seen.Add(7, Line, new(2)), Is.Null);
        Assert.That(seen.Add(7, Line with { Quantite = 6, NomProduit = null, Libelle = null }, new(3)), Is.EqualTo(new Lieu(2)));
        Assert.That(seen.Add(7, Line, new(4, 5)), Is.EqualTo(new Lieu(2)));
    }

    [Test]
    public void Add_LinesThatDifferInTheirKey_AreAllAdded()
    {
        using var seen = new SeenLines();
        var lines = new[]
        {
            Line, Line with { Identifiant = "u" }, Line with { Identifiant = "U " }, Line with { Dossier = "d" }, Line with { Dossier = "é" }, Line with { Dossier = "e\u0301" },
            Line with { DateDossier = Line.DateDossier.AddTicks(1) },
        };

        Assert.That(lines.Select(line => seen.Add(7, line, new(1))), Is.All.Null);
        Assert.That(seen.Add(8, Line, new(2)), Is.Null, "of another compteur");
        Assert.That(lines.Select(line => seen.Add(7, line, new(3))), Is.All.EqualTo(new Lieu(1)));
    }

    [Test]
    public void Remove_LineThatWasAdded_CanBeAddedAgain()
    {
        using var seen = new SeenLines();
        seen.Add(7, Line, new(2));
        seen.Add(8, Line, new(3));

        seen.Remove(7, Line);

        Assert.That(seen.Add(7, Line, new(4)), Is.Null);
        Assert.That(seen.Add(8, Line, new(5)), Is.EqualTo(new Lieu(3)));
    }

    [Test]
    public void Add_OtherImportsAtTheSameTime_SeeNoneOfEachOther()
    {
        using var seen = new SeenLines();
        using var other = new SeenLines();
        seen.Add(7, Line, new(2));

        Assert.That(other.Add(7, Line, new(2)), Is.Null);
    }
}
