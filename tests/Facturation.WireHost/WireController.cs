namespace Facturation.Wire;

public abstract class WireController : ControllerBase
{
    protected IEnumerable<string> ErrorLines() =>
        from state in ModelState from error in state.Value.Errors select ReportModel.Line(state.Key, error.ErrorMessage);
}
