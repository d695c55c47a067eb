using Facturation.WebApi2;

namespace Facturation.Wire;

// One delicate answer, declared as each type an action may declare: the declared type decides the XML root.

[WebApi2]
public class ListeController : WireController
{
    public List<DelicateModel>? Get(string? id = null) => Delicate.List(id);

    public List<DelicateModel>? Post(string? id = null) => Delicate.List(id);
}

[WebApi2]
public class TableauController : WireController
{
    public DelicateModel[]? Get(string? id = null) => Delicate.List(id)?.ToArray();
}

[WebApi2]
public class SuiteController : WireController
{
    public IEnumerable<DelicateModel>? Get(string? id = null) => Delicate.List(id)?.Where(_ => true);

    public IEnumerable<DelicateModel>? Post(string? id = null) => Delicate.List(id);

    public IQueryable<DelicateModel>? Put(string? id = null) => Delicate.List(id)?.AsQueryable();
}

[WebApi2]
public class ModeleController : WireController
{
    public DelicateModel? Get(string? id = null) => Delicate.List(id)?.FirstOrDefault();

    public async Task<DelicateModel?> Post(string? id = null)
    {
        await Task.Yield();
        return Delicate.List(id)?.FirstOrDefault();
    }
}

/// <summary>Declared as object: whatever the legacy stack makes of it.</summary>
[WebApi2]
public class ObjetController : WireController
{
    public object? Get(string? id = null) => id switch
    {
        "texte" => "a<b",
        "entier" => 42,
        "long" => 42L,
        "vrai" => true,
        "date" => new DateTime(2026, 3, 22),
        "entiers" => new[] { 1, 2 },
        "dictionnaire" => new Dictionary<string, int> { ["a b"] = 1 },
        "anonyme" => new { A = 1, B = "deux" },
        "modele" => Delicate.List("imbrique")![0],
        _ => Delicate.List(id),
    };
}

[WebApi2]
public class TexteController : WireController
{
    public string? Get(string? id = null) => id != null && DelicateText.ByName.TryGetValue(id, out var text) ? text : null;
}

[WebApi2]
public class EntierController : WireController
{
    public int Get(int id) => id;

    public int? Post(int? id = null) => id;

    public bool Put(bool id) => id;

    public DateTime Patch(string id) => Delicate.Dates[id];
}
