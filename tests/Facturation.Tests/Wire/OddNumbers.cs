namespace Facturation.Tests.Wire;

/// <summary>Integers as people, programs and bad programs write them, as text.</summary>
public static class OddNumbers
{
    public static readonly string[] All =
    [
        "0", "5", "-5", "+5", " 5 ", "\t5\n", "005", "-0", "--5", "5-", "(5)", "5.0", "5.", ".5", "5,0", "5e0", "1e2", "1E2", "1e-2",
        "1e400", "1_000", "1 000", "1\u00a0000", "1\u202f000", "1,000", "1.000",
        "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "99999999999999999999", "999999999999999999999999999999999999999999",
        "010", "08", "0o10", "0x10", "0X1f", "0xFFFFFFFF", "0xFFFFFFFFF", "0x", "0xG", "-0x10", "&h10", "&H10", "&h", "#10", "#", "#FF",
        "0b10", "x10", "10h",
        "", " ", "null", "NULL", "nil", "undefined", "true", "false", "True", "NaN", "Infinity", "-Infinity", "five", "cinq", "５", "٥",
        "5\0", "5\u00a0", "\u00a05", "\u22125", "5x", "$5", "5€", "5%", "{}", "[]", "5;6", "5,6",
    ];
}
