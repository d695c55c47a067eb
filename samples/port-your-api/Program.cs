using Facturation.WebApi2;
using Orders;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddControllers(WebApiConfig.Register).AddWebApi2(WebApiConfig.Register);
var app = builder.Build();
app.UseWebApi2();
app.MapControllers();
app.Run();
