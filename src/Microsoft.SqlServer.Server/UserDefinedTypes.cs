namespace Microsoft.SqlServer.Server;

// What SqlClient refers to, and no more. It looks for the attribute on the types of parameters, to know CLR user-defined types;
// Facturation has none, so nothing here is ever found or called.

/// <summary>How a CLR user-defined type is serialized.</summary>
public enum Format
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>By the runtime.</summary>
    Native = 1,

    /// <summary>By the type itself.</summary>
    UserDefined = 2,
}

/// <summary>Serializes a CLR user-defined type.</summary>
public interface IBinarySerialize
{
    /// <summary>Reads the value.</summary>
    void Read(BinaryReader r);

    /// <summary>Writes the value.</summary>
    void Write(BinaryWriter w);
}

/// <summary>Marks a CLR user-defined type.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class SqlUserDefinedTypeAttribute(Format format) : Attribute
{
    /// <summary>How it is serialized.</summary>
    public Format Format => format;

    /// <summary>Whether its bytes compare as its values do.</summary>
    public bool IsByteOrdered { get; set; }

    /// <summary>Whether all its values are of one size.</summary>
    public bool IsFixedLength { get; set; }

    /// <summary>The most bytes of a value; -1 for no limit.</summary>
    public int MaxByteSize { get; set; }

    /// <summary>Its name in the database.</summary>
    public string? Name { get; set; }

    /// <summary>The method that validates a value.</summary>
    public string? ValidationMethodName { get; set; }
}

/// <summary>A type is no CLR user-defined type.</summary>
public sealed class InvalidUdtException : SystemException
{
    private InvalidUdtException(string message)
        : base(message)
    {
    }

    /// <summary>Says why.</summary>
    public static InvalidUdtException Create(Type udtType, string resourceReason) => new($"{udtType}: {resourceReason}");
}
