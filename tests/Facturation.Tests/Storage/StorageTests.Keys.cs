using Facturation.Core;

namespace Facturation.Tests.Storage;

public abstract partial class StorageTests
{
    private protected static readonly DateTimeOffset Now = new(2026, 3, 22, 12, 0, 0, TimeSpan.FromHours(1));

    [Test]
    public async Task FindAsync_KeptKey_IsTheSame()
    {
        await ImportAsync(Line(identifiant: "É:x"));
        var key = NewKey() with { Identifiant = "É:x", Scopes = Scopes.All, ExpiresAt = Now.AddDays(1) };
        await Keys.AddAsync(key);

        var found = await Keys.FindAsync(key.Prefix);
        Assert.That(found, Is.Not.Null);
        Assert.That(found!.Hash.ToArray(), Is.EqualTo(key.Hash.ToArray()));
        Assert.That(found.Scopes, Is.EqualTo(key.Scopes));
        Assert.That(found with { Hash = key.Hash, Scopes = key.Scopes }, Is.EqualTo(key));
    }

    [Test]
    public async Task FindAsync_UnknownPrefix_IsNull()
    {
        await ImportAsync(Line());
        var key = NewKey() with { Prefix = "abcdefgh" };
        await Keys.AddAsync(key);

        Assert.That(await Keys.FindAsync("abcdefgH"), Is.Null);
        Assert.That(await Keys.FindAsync(""), Is.Null);
    }

    [Test]
    public async Task AddAsync_UnknownClientOrIdentifiant_IsRefused()
    {
        await ImportAsync(Line(), Line(client: "AUTRE", identifiant: "V"));

        Assert.That(() => Keys.AddAsync(NewKey() with { Client = "INCONNU" }), Throws.TypeOf<RefusedException>().With.Message.Contains("INCONNU"));
        Assert.That(() => Keys.AddAsync(NewKey() with { Identifiant = "V" }), Throws.TypeOf<RefusedException>().With.Message.Contains("V"));
        Assert.That(await Keys.ListAsync(), Is.Empty);
    }

    [Test]
    public async Task AddAsync_NewClient_IsMadeWithItsKeyAndOnlyOnce()
    {
        var key = NewKey() with { Client = "NOUVEAU" };

        await Keys.AddAsync(key, isNewClient: true);

        Assert.That((await Keys.FindAsync(key.Prefix))!.Client, Is.EqualTo("NOUVEAU"));
        Assert.That(
            () => Keys.AddAsync(NewKey() with { Client = "NOUVEAU" }, isNewClient: true),
            Throws.TypeOf<RefusedException>().With.Message.EqualTo("Le client « NOUVEAU » existe déjà."));
        await Keys.AddAsync(NewKey() with { Client = "NOUVEAU" });
        Assert.That(await Keys.ListAsync(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task AddAsync_NewClientWithAnIdentifiant_MakesBoth()
    {
        var key = NewKey() with { Client = "NOUVEAU", Identifiant = "V" };

        await Keys.AddAsync(key, isNewClient: true);

        Assert.That((await Keys.FindAsync(key.Prefix))!.Identifiant, Is.EqualTo("V"));
        await Keys.AddAsync(NewKey() with { Client = "NOUVEAU", Identifiant = "V" });
        Assert.That(
            () => Keys.AddAsync(NewKey() with { Client = "NOUVEAU", Identifiant = "W" }),
            Throws.TypeOf<RefusedException>().With.Message.EqualTo("Le client « NOUVEAU » n'a pas d'identifiant « W »."));
    }

    /// <summary>Nodes that start at once all load the demo set.</summary>
    [Test]
    public async Task AddAsync_KnownPrefix_IsRefused()
    {
        await ImportAsync(Line());
        var key = NewKey();
        await Keys.AddAsync(key);

        Assert.That(
            () => Keys.AddAsync(NewKey() with { Prefix = key.Prefix }),
            Throws.TypeOf<RefusedException>().With.Message.EqualTo($"La clé « {key.Prefix} » existe déjà."));
        Assert.That((await Keys.ListAsync()).Single().Hash.ToArray(), Is.EqualTo(key.Hash.ToArray()));
    }

    [Test]
    public async Task RevokeAsync_Key_IsRevokedOnce()
    {
        await ImportAsync(Line());
        var key = NewKey();
        await Keys.AddAsync(key);

        Assert.That(await Keys.RevokeAsync(key.Prefix, Now), Is.True);
        Assert.That(await Keys.RevokeAsync(key.Prefix, Now.AddDays(1)), Is.True);
        Assert.That(await Keys.RevokeAsync("inconnue", Now), Is.False);
        Assert.That((await Keys.ListAsync()).Single().RevokedAt, Is.EqualTo(Now));
    }

    [Test]
    public async Task RotateAsync_Key_IsFollowedByOneLikeIt()
    {
        await ImportAsync(Line(identifiant: "É:x"));
        var key = NewKey() with { Identifiant = "É:x", Scopes = Scopes.All };
        await Keys.AddAsync(key);
        var secret = ApiKey.Generate();

        var (old, added) = await Keys.RotateAsync(key.Prefix, secret, Now.AddHours(1), TimeSpan.FromDays(7), null);

        var kept = await Keys.ListAsync();
        Assert.That(kept.Select(k => k.Prefix), Is.EqualTo(new[] { key.Prefix, ApiKey.PrefixOf(secret) }));
        Assert.That(kept.Select(k => k.ExpiresAt), Is.EqualTo(new DateTimeOffset?[] { Now.AddHours(1).AddDays(7), null }));
        Assert.That(new[] { old.ExpiresAt, added.ExpiresAt }, Is.EqualTo(kept.Select(k => k.ExpiresAt)), "told as stored");
        Assert.That(kept[1].Scopes, Is.EqualTo(key.Scopes));
        Assert.That((kept[1].Client, kept[1].Identifiant, kept[1].CreatedAt), Is.EqualTo(("C", "É:x", Now.AddHours(1))));
        Assert.That(kept[0].Hash.ToArray(), Is.EqualTo(key.Hash.ToArray()));
        Assert.That(kept[1].Accepts(secret, Now.AddYears(1)), Is.True);
    }

    [TestCase(2, 365, 2, 365)]
    [TestCase(30, null, 7, 30)]
    [TestCase(30, 365, 7, 365)]
    [TestCase(null, 365, 7, 365)]
    public async Task RotateAsync_KeyThatExpires_NeverLastsLonger(int? expires, int? asked, int endOfOld, int endOfNew)
    {
        await ImportAsync(Line());
        var key = NewKey() with { ExpiresAt = expires is { } days ? Now.AddDays(days) : null };
        await Keys.AddAsync(key);

        await Keys.RotateAsync(
            key.Prefix, ApiKey.Generate(), Now, TimeSpan.FromDays(7), asked is { } last ? Now.AddDays(last) : null);

        Assert.That((await Keys.ListAsync()).Select(k => k.ExpiresAt), Is.EqualTo(new DateTimeOffset?[] { Now.AddDays(endOfOld), Now.AddDays(endOfNew) }));
    }

    /// <summary>The second key would end with the overlap of the first, while its owner believes it lasts.</summary>
    [Test]
    public async Task RotateAsync_Again_AsksUntilWhenTheNewKeyIsValid()
    {
        await ImportAsync(Line());
        var key = NewKey();
        await Keys.AddAsync(key);
        await Keys.RotateAsync(key.Prefix, ApiKey.Generate(), Now, TimeSpan.FromDays(7), null);

        Assert.That(
            () => Keys.RotateAsync(key.Prefix, ApiKey.Generate(), Now, TimeSpan.Zero, null),
            Throws.TypeOf<RefusedException>().With.Message.Contains("--expires"));
        Assert.That(await Keys.ListAsync(), Has.Count.EqualTo(2));
        await Keys.RotateAsync(key.Prefix, ApiKey.Generate(), Now, TimeSpan.Zero, Now.AddYears(1));
        Assert.That((await Keys.ListAsync())[^1].ExpiresAt, Is.EqualTo(Now.AddYears(1)));
    }

    [Test]
    public async Task RotateAsync_KeyThatIsNotValid_IsRefusedAndAddsNone()
    {
        await ImportAsync(Line());
        var (revoked, expired) = (NewKey() with { RevokedAt = Now }, NewKey() with { ExpiresAt = Now });
        await Keys.AddAsync(revoked);
        await Keys.AddAsync(expired);

        foreach (var prefix in new[] { revoked.Prefix, expired.Prefix, "inconnue" })
            Assert.That(
                () => Keys.RotateAsync(prefix, ApiKey.Generate(), Now, TimeSpan.FromDays(7), Now.AddYears(1)),
                Throws.TypeOf<RefusedException>().With.Message.Contains(prefix));
        Assert.That((await Keys.ListAsync()).Select(k => (k.Prefix, k.ExpiresAt)), Is.EqualTo(new[] { (revoked.Prefix, null), (expired.Prefix, (DateTimeOffset?)Now) }));
    }

    private static ApiKey NewKey()
    {
        var secret = ApiKey.Generate();
        return new ApiKey(ApiKey.PrefixOf(secret)!, ApiKey.HashOf(secret), "C", null, [Scopes.ConsommationRead], Now);
    }
}
