using Facturation.LegacyOracle;
using Facturation.Wire;

var isPorted = args.Contains(WireProcess.Ported);
await WireProcess.RunAsync(args, (builder, isFirst) =>
{
    // Big enough that no comparison stops here rather than in the pipeline.
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
    var app = builder.Build();
    app.Run((isPorted ? LegacyPipeline.OfSample(useXmlSerializer: !isFirst) : LegacyPipeline.OfWire(refuseInvalidModelState: isFirst)).InvokeAsync);
    return app;
});
