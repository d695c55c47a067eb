using System.Collections.Concurrent;
using System.Runtime.Serialization.DataContracts;
using System.Xml;
using System.Xml.Linq;

namespace Facturation.WebApi2.Formats;

/// <summary>What DataContractSerializer expects of a type: its root element and its members, in this order only (WIRE.md X1).</summary>
public sealed class XmlContract
{
    private static readonly DataContractSet Contracts = new(dataContractSurrogate: null, referencedTypes: null, referencedCollectionTypes: null);
    private static readonly ConcurrentDictionary<Type, XmlContract> Known = new();

    private readonly DataContract contract;
    private readonly Lazy<IReadOnlyList<Member>> members;

    private XmlContract(DataContract contract)
    {
        this.contract = contract;
        members = new(() => [.. MembersOf(contract)]);
    }

    /// <summary>A member's element and the contract of its content.</summary>
    /// <param name="Name">The element.</param>
    /// <param name="Content">The contract of its content.</param>
    public sealed record Member(XName Name, XmlContract Content);

    /// <summary>The element a body must have.</summary>
    public XName Root => XName.Get(contract.TopLevelElementName!.Value, contract.TopLevelElementNamespace!.Value);

    /// <summary>The members in contract order: none for a simple type, the item for a collection.</summary>
    public IReadOnlyList<Member> Members => members.Value;

    /// <summary>The contract of a type.</summary>
    public static XmlContract Of(Type type) => Known.GetOrAdd(type, static type =>
    {
        lock (Contracts)
            return new XmlContract(Contracts.GetDataContract(type));
    });

    /// <summary>Returns those skipped elements that are members anywhere in the contract, and so were meant to be read.</summary>
    internal IEnumerable<string> MembersAmong(IReadOnlyList<XmlQualifiedName> skipped)
    {
        if (skipped.Count == 0)
            return [];
        var names = new HashSet<XName>();
        CollectNames(names, []);
        return skipped.Where(name => names.Contains(XName.Get(name.Name, name.Namespace))).Select(name => name.Name);
    }

    private void CollectNames(HashSet<XName> names, HashSet<DataContract> visited)
    {
        if (!visited.Add(contract))
            return;
        foreach (var member in Members)
        {
            names.Add(member.Name);
            member.Content.CollectNames(names, visited);
        }
    }

    private static IEnumerable<Member> MembersOf(DataContract contract)
    {
        contract.IsDictionaryLike(out _, out _, out var item);
        if (item is not null)
            return [new Member(XName.Get(item, contract.XmlName.Namespace), new XmlContract(contract.BaseContract!))];
        var inherited = contract.BaseContract is { } parent ? MembersOf(parent) : [];
        return inherited.Concat(contract.DataMembers.Select(member =>
            new Member(XName.Get(member.Name, contract.XmlName.Namespace), new XmlContract(member.MemberTypeContract))));
    }
}
