using Facturation.WebApi2;
using Facturation.Wire;
using Facturation.WireHost;
using Microsoft.AspNetCore.Authentication;

await WireProcess.RunAsync(args, (builder, refuse) =>
{
    builder.Services.AddAuthentication(Nobody.Scheme).AddScheme<AuthenticationSchemeOptions, Nobody>(Nobody.Scheme, null);
    builder.Services.AddAuthorization();
    builder.Services.AddControllers().AddWebApi2(options => options.RefuseInvalidModelState = refuse);
    var app = builder.Build();
    app.UseWebApi2();
    app.UseAuthentication();
    app.UseAuthorization();
    app.MapControllers();
    return app;
});
