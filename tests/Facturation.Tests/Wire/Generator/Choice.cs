namespace Facturation.Tests.Wire.Generator;

/// <summary>Choices of a generator, all from one seeded source.</summary>
internal static class Choice
{
    public static T Of<T>(this Random random, params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public static bool Percent(this Random random, int percent) => random.Next(100) < percent;

    public static IEnumerable<T> Times<T>(this Random random, int atLeast, int atMost, Func<T> make) =>
        Enumerable.Range(0, random.Next(atLeast, atMost + 1)).Select(_ => make());

    /// <summary>Deletes, doubles, swaps or inserts grammar-level tokens, so that what comes out is nearly right.</summary>
    public static List<string> Mutate(this Random random, List<string> tokens, int times, Func<string> odd)
    {
        for (var done = 0; done < times && tokens.Count > 0; done++)
        {
            var at = random.Next(tokens.Count);
            switch (random.Next(5))
            {
                case 0:
                    tokens.RemoveAt(at);
                    break;
                case 1:
                    tokens.Insert(at, tokens[at]);
                    break;
                case 2:
                    var other = random.Next(tokens.Count);
                    (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                    break;
                case 3:
                    tokens[at] = odd();
                    break;
                default:
                    tokens.Insert(at, odd());
                    break;
            }
        }
        return tokens;
    }

    /// <summary>Cuts, flips or inserts single bytes.</summary>
    public static byte[] Damage(this Random random, byte[] body)
    {
        var bytes = body.ToList();
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(4))
        {
            case 0:
                return body[..at];
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2 when at < bytes.Count:
                bytes.RemoveAt(at);
                break;
            default:
                bytes.Insert(at, (byte)random.Of<int>(0, 1, 9, 10, 11, 13, 32, 34, 39, 47, 60, 62, 38, 92, 91, 93, 123, 125, 127, 128,
                    0x85, 0xA0, 0xC3, 0xE2, 0xED, 0xEF, 0xF0, 0xFE, 0xFF));
                break;
        }
        return [.. bytes];
    }
}
