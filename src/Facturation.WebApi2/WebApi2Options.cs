using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;

namespace Facturation.WebApi2;

/// <summary>What a legacy service may have set differently from another.</summary>
public sealed class WebApi2Options
{
    /// <summary>The first segments of every legacy address, without slashes at the ends. Default <c>api</c>.</summary>
    [RegularExpression("/*[A-Za-z0-9._~-]+(/+[A-Za-z0-9._~-]+)*/*")]
    public string RoutePrefix { get; set; } = "api";

    /// <summary>The path every legacy address begins with: <c>/api</c>.</summary>
    public PathString PathPrefix() => "/" + RoutePrefix.Trim('/');

    /// <summary>
    /// The zone of the server the legacy service ran on: dates with an offset are converted to it (WIRE.md, Time zones).
    /// Default Europe/Paris.
    /// </summary>
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>What a line feed in XML text becomes (WIRE.md O3). Default CRLF, as on Windows.</summary>
    [AllowedValues("\r\n", "\n")]
    public string XmlNewLine { get; set; } = "\r\n";

    /// <summary>
    /// True (default): invalid model state is answered 400 before the action runs (WIRE.md E1).
    /// False: the action runs with what could be read, and finds the errors in <c>ModelState</c>.
    /// </summary>
    public bool RefuseInvalidModelState { get; set; } = true;

    /// <summary>The largest request body read, in bytes; a longer one is answered 413. Default 4 MiB.</summary>
    [Range(1, int.MaxValue)]
    public int MaxRequestBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// A streamed answer up to this size, in bytes of UTF-8, is sent whole and with its length, as the legacy host sent all of
    /// them; a longer one is chunked. Default 448 KiB. An answer under way holds a buffer of what it has so far, at most about twice
    /// that.
    /// </summary>
    [Range(1, 1 << 26)]
    public int BufferedAnswerBytes { get; set; } = 448 * 1024;

    /// <summary>
    /// False (default): XML elements out of contract order are dropped as Web API 2 dropped them, and a <c>Warning</c> header
    /// names them. True: any order is read, and an element in a wrong namespace is answered 400 with its name.
    /// </summary>
    public bool LenientXml { get; set; }
}
