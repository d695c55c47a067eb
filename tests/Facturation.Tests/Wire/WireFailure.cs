namespace Facturation.Tests.Wire;

/// <summary>Everything needed to understand a difference, and to send it again.</summary>
public sealed record WireFailure(
    RawRequest Request, bool Refuse, string Host, RawAnswer Legacy, RawAnswer Ours, IReadOnlyList<string> Differences)
{
    public override string ToString() => $"""
        {string.Join("\n", Differences)}
        --- request, {(Refuse ? "refusing invalid model state" : "running the action all the same")}
        {Visible.Bytes(Request.ToBytes())}
        --- legacy
        {Legacy}
        --- {Host}
        {Ours}

        """;
}
