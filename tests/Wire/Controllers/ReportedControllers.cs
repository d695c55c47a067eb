using System.ComponentModel;
using System.Runtime.Serialization;
using Facturation.WebApi2;
using Newtonsoft.Json;

namespace Facturation.Wire;

// What users of ASP.NET Core reported as lost from Web API 2; ReportedTests names the reports.

[WebApi2]
public class NullableController : WireController
{
    public string Get(int? x) => x is null ? "null" : FormattableString.Invariant($"{x}");
}

[WebApi2]
public class TaskController : WireController
{
    public async Task<IEnumerable<string>> Get() => await Task.FromResult(new[] { "value1", "value2" });

    public Task<List<NestedModel>> Post() => Task.FromResult(new List<NestedModel> { new() { Numero = 1 } });
}

[WebApi2]
public class AnonymousController : WireController
{
    public IWireResult Get() => Ok(new { A = 1, B = "deux" });

    public object Post() => new[] { new { A = 1 } };
}

[WebApi2]
public class DefaultsController : WireController
{
    public DefaultsModel? Post(DefaultsModel? model) => model;
}

public class DefaultsModel
{
    [DefaultValue(7), JsonProperty(DefaultValueHandling = DefaultValueHandling.Populate)]
    public int Populated { get; set; }

    [DefaultValue(8)]
    public int Declared { get; set; }

    [DefaultValue(9), JsonProperty(DefaultValueHandling = DefaultValueHandling.IgnoreAndPopulate)]
    public int? Both { get; set; }
}

[WebApi2]
public class OrderController : WireController
{
    public OrderedModel? Post(OrderedModel? model) => model;
}

[DataContract]
public class OrderedModel
{
    [DataMember]
    public string? Beta { get; set; }

    [DataMember]
    public string? Alpha { get; set; }

    [DataMember(Order = 1)]
    public string? Last { get; set; }
}
