using Facturation.Api.V1;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api.V1;

/// <summary>What ApiExplorer tells of v1: the help pages and the OpenAPI document are made of it.</summary>
[Parallelizable]
public sealed class DescriptionTests
{
    private Service service = null!;
    private List<ApiDescription> operations = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        service = await Service.StartAsync();
        operations = [.. service.Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>().ApiDescriptionGroups.Items
            .SelectMany(group => group.Items).Where(api => api.RelativePath!.StartsWith("v1/", StringComparison.Ordinal))];
    }

    [OneTimeTearDown]
    public async Task Stop() => await service.DisposeAsync();

    [Test]
    public void Operations_AllOfThem_AreDescribed() => Assert.That(operations.Select(Name), Is.EquivalentTo(new[]
    {
        "POST v1/meters", "GET v1/meters", "GET v1/meters/{id}", "POST v1/meters/{id}/replacement", "POST v1/meters/{id}/readings/manual",
        "POST v1/meters/{id}/readings/batch", "GET v1/meters/{id}/readings", "GET v1/meters/{id}/readings/{readingId}",
        "GET v1/meters/{id}/readings/allowed", "POST v1/meters/{id}/readings/{readingId}/void", "GET v1/readings/suspects",
        "POST v1/meters/{id}/bill-consumption", "GET v1/meters/{id}/bills", "GET v1/bills/{billId}", "GET v1/folios/{folioId}/entries",
        "PUT v1/produits/{produitId}/compteurs/{sequence}/prices/{validFrom}", "GET v1/produits/{produitId}/compteurs/{sequence}/prices",
        "DELETE v1/produits/{produitId}/compteurs/{sequence}/prices/{validFrom}", "GET v1/consumption", "GET v1/meters/{id}/consumption",
        "POST v1/meters/{id}/removal", "POST v1/meters/{id}/readings/{readingId}/correction", "POST v1/meters/{id}/readings/{readingId}/confirmation",
        "POST v1/readings/batch", "GET v1/readings",
    }));

    [Test]
    public void Record_Parameters_AreThoseOfTheRequest()
    {
        var record = Find("POST v1/meters/{id}/readings/manual");

        Assert.That(record.ParameterDescriptions.Select(p => (p.Name, p.Source, p.Type, p.IsRequired)), Is.EqualTo(new[]
        {
            ("id", BindingSource.Path, typeof(Guid), true),
            ("body", BindingSource.Body, typeof(ManualReadingRequest), true),
            ("Idempotency-Key", BindingSource.Header, typeof(string), false),
        }));
        Assert.That(record.SupportedRequestFormats.Select(format => format.MediaType), Is.EqualTo(new[] { "application/json" }));
    }

    [Test]
    public void Lists_Parameters_AreTypedAndHaveDefaults()
    {
        var list = Find("GET v1/meters/{id}/readings").ParameterDescriptions;

        Assert.That(list.Select(p => (p.Name, p.Source, p.Type, p.DefaultValue, p.IsRequired)), Is.EqualTo(new (string, BindingSource, Type, object?, bool)[]
        {
            ("id", BindingSource.Path, typeof(Guid), null, true),
            ("from", BindingSource.Query, typeof(DateTimeOffset?), null, false),
            ("to", BindingSource.Query, typeof(DateTimeOffset?), null, false),
            ("cursor", BindingSource.Query, typeof(string), null, false),
            ("limit", BindingSource.Query, typeof(int), 100, false),
            ("recordedSince", BindingSource.Query, typeof(DateTimeOffset?), null, false),
        }));
        Assert.That(Find("GET v1/meters/{id}/readings/allowed").ParameterDescriptions[1].IsRequired, Is.True);
    }

    /// <summary>Words are texts: a generator would make an enum of them, and send its names.</summary>
    [Test]
    public void Reports_Parameters_AreDaysAndWords()
    {
        var report = Find("GET v1/consumption").ParameterDescriptions;

        Assert.That(report.Select(p => p.Name), Is.EqualTo(new[] { "from", "to", "produitId", "identifiant", "dossier", "groupBy", "window", "fill", "spread", "changedSince", "format" }));
        Assert.That(report.Select(p => p.IsRequired), Has.None.True);
        Assert.That(report[0].Type, Is.EqualTo(typeof(DateOnly?)));
    }

    [Test]
    public void Record_Responses_AreItsSuccessAndEveryRefusal()
    {
        var record = Find("POST v1/meters/{id}/readings/manual");

        Assert.That(record.SupportedResponseTypes.Where(r => r is not V1Refusal).Select(r => (r.StatusCode, r.Type)),
            Is.EqualTo(new[] { (201, typeof(Data<RecordedModel>)) }));
        Assert.That(Refusals(record), Is.EqualTo(new[]
        {
            "400 BAD_REQUEST INVALID_BODY INVALID_PARAMETER READ_AT_IN_FUTURE",
            "401 UNAUTHENTICATED",
            "403 FORBIDDEN",
            "404 METER_NOT_FOUND",
            "408 REQUEST_TIMEOUT",
            "409 IDEMPOTENCY_KEY_REUSED INDEX_ABOVE_NEXT INDEX_BELOW_PREVIOUS INDEX_BEYOND_DIGITS METER_CLOSED READING_CONFLICT "
                + "READ_AT_AFTER_REMOVAL READ_AT_BEFORE_INSTALLATION TOTAL_TOO_LARGE",
            "413 PAYLOAD_TOO_LARGE",
            "415 UNSUPPORTED_MEDIA_TYPE",
            "429 TOO_MANY_REQUESTS",
            "500 INTERNAL_ERROR",
            "503 SERVICE_UNAVAILABLE",
        }));
    }

    /// <summary>Those of contract/meter-reading-manual.txt.</summary>
    [Test]
    public void Record_Refusals_HaveTheTitlesOfTheContract()
    {
        var titles = Find("POST v1/meters/{id}/readings/manual").SupportedResponseTypes.OfType<V1Refusal>().ToDictionary(r => r.StatusCode, r => r.Title);
        Assert.That((titles[400], titles[401], titles[404]), Is.EqualTo(("Corps invalide", "Non authentifié", "Compteur introuvable")));
        Assert.That(operations.SelectMany(api => api.SupportedResponseTypes.OfType<V1Refusal>()).Where(r => r.StatusCode == 404).Select(r => r.Title).Distinct(),
            Is.EquivalentTo(new[] { "Compteur introuvable", "Facture introuvable", "Compteur de produit introuvable" }));
    }

    [Test]
    public void Batch_Refused_CarriesTheVerdicts()
    {
        var conflict = Find("POST v1/meters/{id}/readings/batch").SupportedResponseTypes.Single(r => r.StatusCode == 409);

        Assert.That(conflict.Type, Is.EqualTo(typeof(ErrorModel<BatchModel>)));
    }

    [Test]
    public void Operations_AllOfThem_AnswerJsonOrReportsAndBetweenThemEveryErrorOfAnOperation()
    {
        foreach (var operation in operations)
            foreach (var response in operation.SupportedResponseTypes)
                Assert.That(
                    response.ApiResponseFormats.Select(f => f.MediaType),
                    Is.EqualTo(response is V1Refusal || !operation.RelativePath!.EndsWith("consumption", StringComparison.Ordinal) || operation.HttpMethod == "POST"
                        ? new[] { "application/json" }
                        : ["application/json", "text/csv", "application/x-ndjson"]));
        // These two are answered where there is no operation.
        Assert.That(operations.SelectMany(o => o.SupportedResponseTypes.OfType<V1Refusal>()).SelectMany(r => r.Errors).Distinct(),
            Is.EquivalentTo(V1Error.All.Except([V1Error.RouteNotFound, V1Error.MethodNotAllowed])));
    }

    private ApiDescription Find(string name) => operations.Single(api => Name(api) == name);

    private static string Name(ApiDescription api) => $"{api.HttpMethod} {api.RelativePath}";

    private static IEnumerable<string> Refusals(ApiDescription api) => api.SupportedResponseTypes.OfType<V1Refusal>()
        .Select(refusal => $"{refusal.StatusCode} {string.Join(' ', refusal.Errors.Select(error => error.Code))}");
}
