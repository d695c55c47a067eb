using Facturation.Core;

namespace Facturation.Tests.Core;

[Parallelizable(ParallelScope.All)]
public sealed class LigneBruteTests
{
    private static readonly LigneBrute Good = new()
    {
        Lieu = new Lieu(2),
        Client = "C",
        Identifiant = "U",
        ProduitId = "1",
        NomProduit = "Eau",
        Dossier = "D",
        DateDossier = "2026-03-22",
        Sequence = "1",
        Libelle = "Froide",
        Quantite = "5",
    };

    [TestCase("2026-03-22", "2026-03-22T00:00:00.0000000")]
    [TestCase("2026-03-22T08:30", "2026-03-22T08:30:00.0000000")]
    [TestCase("2026-03-22 08:30", "2026-03-22T08:30:00.0000000")]
    [TestCase("2026-03-22T08:30:15", "2026-03-22T08:30:15.0000000")]
    [TestCase("2026-03-22 08:30:15.1234567", "2026-03-22T08:30:15.1234567")]
    [TestCase("2026-03-22T08:30:15.5", "2026-03-22T08:30:15.5000000")]
    [TestCase("2026-03-29T02:30", "2026-03-29T02:30:00.0000000")]
    [TestCase("0001-01-01", "0001-01-01T00:00:00.0000000")]
    [TestCase("9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.9999999")]
    public void Check_DateOfParis_IsReadToTheTick(string text, string read)
    {
        Assert.That((Good with { DateDossier = text }).Check(withOffset: false, out var ligne), Is.Null);
        Assert.That(ligne.Ligne.DateDossier.ToString("O", System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(read));
    }

    [TestCase("2026-03-22T00:33:32.0494548+01:00", "2026-03-22T00:33:32.0494548")]
    [TestCase("2026-03-21T23:33:32Z", "2026-03-22T00:33:32.0000000")]
    [TestCase("2026-07-14T12:00:00-04:00", "2026-07-14T18:00:00.0000000")]
    [TestCase("2026-07-14T12:00:00", "2026-07-14T12:00:00.0000000")]
    public void Check_DateWithOffset_IsTakenToParis(string text, string read)
    {
        Assert.That((Good with { DateDossier = text }).Check(withOffset: true, out var ligne), Is.Null);
        Assert.That(ligne.Ligne.DateDossier.ToString("O", System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(read));
    }

    [Test]
    public void Check_BadDate_IsRefused(
        [Values(null, "", "22/03/2026", "2026-3-22", "2026-02-29", "2026-03-22T24:00", "2026-03-22T08:30:15.12345678",
            "2026-03-22T08:30Z", "2026-03-22T08:30:00+01:00", " 2026-03-22")] string? text) =>
        Assert.That((Good with { DateDossier = text }).Check(withOffset: false, out _), Does.Contain("DateDossier"));

    [TestCase("9223372036854775807", long.MaxValue)]
    [TestCase("-9223372036854775808", long.MinValue)]
    [TestCase("-5", -5)]
    public void Check_Quantity_IsA64BitInteger(string text, long value)
    {
        Assert.That((Good with { Quantite = text }).Check(withOffset: false, out var ligne), Is.Null);
        Assert.That(ligne.Ligne.Quantite, Is.EqualTo(value));
    }

    [Test]
    public void Check_BadQuantity_IsRefused([Values(null, "", "1,5", "1.0", "1e3", "9223372036854775808", "abc", "１")] string? text) =>
        Assert.That((Good with { Quantite = text }).Check(withOffset: false, out _), Does.Contain("Quantite"));

    [Test]
    public void Check_SeveralFaults_AreAllTold()
    {
        var error = (Good with { Identifiant = "", Dossier = null, ProduitId = "x", Sequence = "2147483648" }).Check(false, out _);
        Assert.That(error, Does.Contain("Identifiant").And.Contain("Dossier").And.Contain("ProduitId").And.Contain("Sequence"));
    }

    [Test]
    public void Check_LoneSurrogate_IsRefused()
    {
        // Not as test cases: attributes are stored as UTF-8, which has no lone surrogate either.
        foreach (var text in new[] { "\uD83D", "\uDE00\uD83D", "a\uD83Db" })
            Assert.That((Good with { Dossier = text }).Check(withOffset: false, out _), Does.Contain("surrogate"));
    }

    [Test]
    public void Check_LongText_IsRefusedBeyondItsLimit()
    {
        Assert.That((Good with { Dossier = new string('x', LigneBrute.MaxDossier) }).Check(false, out _), Is.Null);
        Assert.That((Good with { Dossier = new string('x', LigneBrute.MaxDossier + 1) }).Check(false, out _), Does.Contain("800"));
    }
}
