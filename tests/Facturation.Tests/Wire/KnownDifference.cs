using System.Text;
using System.Text.RegularExpressions;

namespace Facturation.Tests.Wire;

/// <summary>
/// What cannot be equal, with the reason in docs/decisions/0003. Each is pinned by <see cref="KnownDifferenceTests"/>; the
/// comparisons leave exactly these exchanges out.
/// </summary>
internal static partial class KnownDifference
{
    public static bool Applies(RawRequest request, bool refuse, RawAnswer legacy) =>
        (!refuse && (IsBlankOptional(request) || HasDeepKey(legacy) || HasNamelessKey(legacy))) || IsImpossibleInstant(request);

    /// <summary>An optional parameter left blank in the address: the action gets its default, since MVC has no null for it.</summary>
    private static bool IsBlankOptional(RawRequest request) => BlankNom().IsMatch(request.Target);

    /// <summary>An action looks at an error key of more levels than MVC's model state holds.</summary>
    private static bool HasDeepKey(RawAnswer legacy) => DeepKey().IsMatch(legacy.Text);

    /// <summary>An action looks at the error key of a member without a name, which is its parent's in MVC's model state.</summary>
    private static bool HasNamelessKey(RawAnswer legacy) => NamelessKey().IsMatch(legacy.Text);

    /// <summary>A DateTimeOffset outside the calendar: Newtonsoft then depends on the zone of the machine.</summary>
    private static bool IsImpossibleInstant(RawRequest request) =>
        request.Body is { } body && ImpossibleInstant().IsMatch(Encoding.Latin1.GetString(body));

    [GeneratedRegex(@"/echoadresse.*[?&](nom|n%6fm)(\[\])?(=(%20|\+)*)?(&|#|$)", RegexOptions.IgnoreCase)]
    private static partial Regex BlankNom();

    [GeneratedRegex(@"param([.\[][^.\["" ]*){31}")]
    private static partial Regex DeepKey();

    [GeneratedRegex(@"\. =(>|&gt;) ")]
    private static partial Regex NamelessKey();

    [GeneratedRegex(@"Instant(Nul)?.*/Date\(-?\d{14}", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex ImpossibleInstant();
}
