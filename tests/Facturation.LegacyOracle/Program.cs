using Facturation.LegacyOracle;
using Facturation.Wire;

await WireProcess.RunAsync(args, (builder, refuse) =>
{
    // Big enough that no comparison stops here rather than in the pipeline.
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
    var app = builder.Build();
    app.Run(new LegacyPipeline(refuse).InvokeAsync);
    return app;
});
