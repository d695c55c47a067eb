using System.ComponentModel.DataAnnotations;
using System.Runtime.Serialization;
using Newtonsoft.Json;

namespace Orders;

public enum OrderState
{
    Open,
    Sent,
    [EnumMember(Value = "called-off")]
    CalledOff,
}

[DataContract(Namespace = "http://example.com/orders")]
public class Order
{
    [DataMember(Order = 1, IsRequired = true)]
    public int Id { get; set; }

    [DataMember(Order = 2)]
    public OrderState State { get; set; }

    [DataMember(Order = 3, EmitDefaultValue = false)]
    public decimal Discount { get; set; }

    [DataMember(Order = 3, EmitDefaultValue = false)]
    public string? Comment { get; set; }

    [DataMember(Order = 4)]
    public DateTime PlacedAt { get; set; }

    [DataMember(Order = 4)]
    public TimeSpan? Delay { get; set; }

    [DataMember]
    public Guid Reference { get; set; }

    [DataMember]
    public byte[]? Signature { get; set; }

    [DataMember]
    public Dictionary<string, int?>? Quantities { get; set; }

    [DataMember]
    public Delivery? Delivery { get; set; }

    /// <summary>Not of the contract.</summary>
    public string? Secret { get; set; } = "secret";
}

[KnownType(typeof(Express))]
public class Delivery
{
    [Required, StringLength(20)]
    public string? Address { get; set; }
}

public class Express : Delivery
{
    public double Hours { get; set; }
}

public class Customer
{
    [Required]
    public int Id { get; set; }

    [Required]
    public string? Name { get; set; }

    [JsonProperty("e-mail")]
    public string? Email { get; set; }

    [JsonIgnore]
    public string? Note { get; set; }

    [Range(0, 100)]
    public int? Rating { get; set; }

    public DateTime? Since { get; set; }

    public List<string>? Tags { get; set; }
}

/// <summary>A tree whose nodes know their parents: no format can write it.</summary>
public class Category
{
    public string? Name { get; set; }

    public Category? Parent { get; set; }

    public List<Category> Children { get; } = [];
}

/// <summary>The same with references, which both formats write.</summary>
[DataContract(IsReference = true), JsonObject(IsReference = true)]
public class Employee
{
    [DataMember]
    public string? Name { get; set; }

    [DataMember]
    public Employee? Manager { get; set; }

    [DataMember]
    public List<Employee>? Reports { get; set; }
}

public class Paging
{
    public int Page { get; set; } = 1;

    [Range(1, 100)]
    public int? Size { get; set; }

    public OrderState? State { get; set; }

    public string[]? Sort { get; set; }
}
