// The shared controllers of tests/Wire, read as ASP.NET Core controllers.
global using Microsoft.AspNetCore.Authorization;
global using Microsoft.AspNetCore.Mvc;
global using IWireResult = Microsoft.AspNetCore.Mvc.IActionResult;
