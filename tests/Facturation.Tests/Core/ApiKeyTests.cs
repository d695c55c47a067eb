using Facturation.Core;

namespace Facturation.Tests.Core;

[Parallelizable(ParallelScope.All)]
public sealed class ApiKeyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 22, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Generate_ManyKeys_AreReadableAndDiffer()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => ApiKey.Generate()).ToList();
        Assert.That(keys, Is.Unique);
        Assert.That(keys.Select(ApiKey.PrefixOf), Has.None.Null);
    }

    [TestCase("fct_demo0000_demodemodemodemodemodemodemodemo", "demo0000")]
    [TestCase("", null)]
    [TestCase("fct_demo0000_demodemodemodemodemodemodemodem", null)]
    [TestCase("FCT_demo0000_demodemodemodemodemodemodemodemo", null)]
    [TestCase("fct_demo000é_demodemodemodemodemodemodemodemo", null)]
    [TestCase("fct_demo0000-demodemodemodemodemodemodemodemo", null)]
    [TestCase("fct_demo0000_demodemodemodemodemodemodemode'o", null)]
    public void PrefixOf_Text_IsItsPublicPartOrNull(string text, string? prefix) =>
        Assert.That(ApiKey.PrefixOf(text), Is.EqualTo(prefix));

    [Test]
    public void Accepts_OnlyTheSameKey_AndWhileItLasts()
    {
        var secret = ApiKey.Generate();
        var key = new ApiKey(ApiKey.PrefixOf(secret)!, ApiKey.HashOf(secret), "C", null, Scopes.All, Now);
        var other = secret[..^1] + (secret[^1] == 'a' ? 'b' : 'a');

        Assert.That(key.Accepts(secret, Now));
        Assert.That(key.Accepts(other, Now), Is.False);
        Assert.That((key with { ExpiresAt = Now.AddTicks(1) }).Accepts(secret, Now));
        Assert.That((key with { ExpiresAt = Now }).Accepts(secret, Now), Is.False, "expired");
        Assert.That((key with { RevokedAt = Now }).Accepts(secret, Now), Is.False, "revoked");
    }
}
