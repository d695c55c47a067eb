using Facturation.WebApi2;
using Facturation.Wire;
using Facturation.WireHost;
using Microsoft.AspNetCore.Authentication;

var isPorted = args.Contains(WireProcess.Ported);
await WireProcess.RunAsync(args, (builder, isFirst) =>
{
    builder.Services.AddAuthentication(Nobody.Scheme).AddScheme<AuthenticationSchemeOptions, Nobody>(Nobody.Scheme, null);
    builder.Services.AddAuthorization();
    if (isPorted)
    {
        builder.Services.AddControllers(Orders.WebApiConfig.Register).AddWebApi2(Orders.WebApiConfig.Register);
        builder.Services.Configure<WebApi2Options>(options => (options.Formatters.UseXmlSerializer, options.XmlNewLine) = (!isFirst, "\n"));
    }
    else
    {
        builder.Services.AddControllers().AddWebApi2(options => options.RefuseInvalidModelState = isFirst);
    }
    var app = builder.Build();
    app.UseWebApi2();
    app.UseAuthentication();
    app.UseAuthorization();
    app.MapControllers();
    return app;
});
