using System.Net;

namespace Facturation.Wire;

public abstract class WireController : ApiController
{
    protected IHttpActionResult StatusCode(int status) => StatusCode((HttpStatusCode)status);

    protected IEnumerable<string> ErrorLines() =>
        from state in ModelState from error in state.Value.Errors select ReportModel.Line(state.Key, error.ErrorMessage);
}
