using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
namespace Facturation.Api.OpenApi;
internal sealed class LegacyOperations : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation) => Task.CompletedTask;
}
internal sealed class V1Operations : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation) => Task.CompletedTask;
}
