using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;

namespace Facturation.WebApi2;

/// <summary>Settings in which legacy services may differ.</summary>
public sealed class WebApi2Options
{
    /// <summary>The first segments of every legacy address, without leading or trailing slashes. Default <c>api</c>.</summary>
    [RegularExpression("/*[A-Za-z0-9._~-]+(/+[A-Za-z0-9._~-]+)*/*")]
    public string RoutePrefix { get; set; } = "api";

    /// <summary>
    /// The routes, below the prefix, of controllers without an attribute route; the first that matches is taken. Default <c>{controller}/{id?}</c>. Web API 2's route
    /// <c>api/{controller}/{action}/{id}</c> is <c>{controller}/{action}/{id?}</c> here.
    /// </summary>
    public IList<string> Routes { get; } = ["{controller}/{id?}"];

    /// <summary>The path that every legacy address starts with, for example <c>/api</c>.</summary>
    public PathString PathPrefix() => "/" + RoutePrefix.Trim('/');

    /// <summary>
    /// The time zone of the legacy server. Dates with an offset are converted to it (WIRE.md, Time zones).
    /// Default Europe/Paris.
    /// </summary>
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>How a line feed is written in XML text and in indented answers. Default CRLF, as on Windows.</summary>
    [AllowedValues("\r\n", "\n")]
    public string XmlNewLine { get; set; } = "\r\n";

    /// <summary>What a service set in <c>config.Formatters</c>.</summary>
    public WebApi2Formatters Formatters { get; } = new();

    /// <summary>
    /// True (default): invalid model state is answered 400 before the action runs (WIRE.md E1).
    /// False: the action runs with what could be read and finds the errors in <c>ModelState</c>.
    /// </summary>
    public bool RefuseInvalidModelState { get; set; } = true;

    /// <summary>The maximum size of a request body in bytes. A longer one is answered 413. Default 4 MiB.</summary>
    [Range(1, int.MaxValue)]
    public int MaxRequestBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// A streamed answer up to this size, in bytes of UTF-8, is buffered and sent with its Content-Length, as the legacy host sent
    /// every answer. A longer one is sent in chunks. Default 448 KiB. The buffer of an answer in progress takes at most about twice
    /// this size.
    /// </summary>
    [Range(1, 1 << 26)]
    public int BufferedAnswerBytes { get; set; } = 448 * 1024;

    /// <summary>
    /// False (default): XML elements that are out of contract order are dropped, as in Web API 2, and a <c>Warning</c> header names
    /// them. True: elements are read in any order, and an element in a wrong namespace is answered 400 with its name. In both cases the
    /// header says where and why a body could not be read.
    /// </summary>
    public bool LenientXml { get; set; }
}
