namespace Facturation.Tests.Wire;

/// <summary>
/// samples/port-your-api on the genuine pipeline and on the library, from the same sources: every request of a product of addresses,
/// verbs, bodies and accepted types is answered alike, with DataContractSerializer and with XmlSerializer.
/// </summary>
public sealed class PortedTests
{
    private const string Orders = "http://example.com/orders";

    /// <summary>The second runs in another culture, which may not matter; XmlSerializer takes the zone of the machine.</summary>
    private WireServer before = null!;
    private WireServer after = null!;

    private static readonly Func<RawRequest, RawRequest>[] Accepts =
    [
        request => request,
        request => request.With("Accept", "application/xml"),
        request => request.With("Accept", "application/json").With("Accept-Charset", "utf-16"),
    ];

    private static readonly string[] Addresses =
    [
        "/api/orders", "/api/orders/1", "/api/orders/2", "/api/orders/3", "/api/orders/9", "/api/orders/x", "/api/orders?id=1",
        "/api/orders?state=sent", "/api/orders?state=called-off", "/api/orders?state=2", "/api/orders?state=", "/api/orders?state=zzz",
        "/api/orders/1/2", "/api/rpc/reports/totals", "/api/rpc/reports/absent", "/api/rpc/reports/absent?typed=false",
        "/api/rpc/reports/absent?typed=maybe", "/api/rpc/reports/import", "/api/rpc/reports/none",
        "/api/customers", "/api/customers/", "/api/customers?page=2&size=5&state=Sent&sort=a&sort=b", "/api/customers?paging.page=3",
        "/api/customers?paging.page=x&size=2", "/api/customers?page=x", "/api/customers?size=500", "/api/customers?size=",
        "/api/customers?page=", "/api/customers?sort[]=a", "/api/customers?sort[0]=a&sort[1]=b", "/api/customers?state=zzz",
        "/api/customers/search", "/api/customers/search?q=1&page=4", "/api/customers/search?p.page=4&q=", "/api/customers/search?p=4",
        "/api/customers/search?paging.page=4", "/api/customers/1", "/api/customers/2", "/api/customers/x", "/api/customers/1/card",
        "/api/categories", "/api/employees", "/api/employees/Zoe", "/api/employees/z1", "/api/nobody",
    ];

    private static IEnumerable<RawRequest> Reading => from address in Addresses from accept in Accepts select accept(RawRequest.Get(address));

    private static IEnumerable<RawRequest> Verbs =>
        from verb in new[] { "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD" }
        from address in Addresses.Where(address => !address.Contains('?', StringComparison.Ordinal))
        select new RawRequest(verb, address) { Body = [] };

    private static IEnumerable<RawRequest> OrderBodies
    {
        get
        {
            var bodies = new List<(string? Type, string Text)>();
            foreach (var id in new[] { "1", "2", "3", "\"x\"", "null" })
            {
                bodies.Add(("application/json", $$"""
                    {"id":{{id}},"state":"Sent","discount":"2.50","placedAt":"2026-03-22T10:00:00Z","delay":"1.02:03:04","quantities":{"a":1,"B":null},
                    "reference":"2489e9ad-2ee2-8e00-8ec9-32d5f69181c0","signature":"AQL/","delivery":{"address":"x"},"secret":"z"}
                    """));
                bodies.Add(("application/xml", $"<Order xmlns=\"{Orders}\"><Id>{id.Trim('"')}</Id><State>Sent</State><Comment>c</Comment>"
                    + "<Discount>1.5</Discount><Delay>P1DT2H</Delay><PlacedAt>2026-03-22T10:00:00Z</PlacedAt></Order>"));
                bodies.Add(("application/x-www-form-urlencoded",
                    $"Id={id.Trim('"')}&State=Sent&Discount=1.5&Quantities[0][key]=a&Quantities[0][value]=1&Delivery[Address]=z"));
            }
            bodies.AddRange(new[]
            {
                "", "{}", "null", "[]", "{", """{"Id":1,"STATE":1}""", """{"id":1,"state":"nope"}""", """{"id":1,"delivery":{}}""",
                """{"id":1,"delivery":{"address":"a much too long address"}}""", """{"id":1,"delay":"x"}""", """{"id":1,"signature":"***"}""",
                """{"id":1,"placedAt":"22/03/2026"}""", """{"state":"called-off","id":1}""",
            }.Select(text => ((string?)"application/json", text)));
            bodies.Add((null, "{}"));
            bodies.Add(("text/plain", "{}"));
            bodies.Add(("application/xml", "<Order>"));
            return
                from body in bodies
                from operation in new[] { ("POST", "/api/orders"), ("PUT", "/api/orders/1"), ("PUT", "/api/orders/3") }
                from accept in Accepts
                select accept(new RawRequest(operation.Item1, operation.Item2).Typed(body.Type, body.Text));
        }
    }

    private static IEnumerable<RawRequest> OtherBodies =>
        from body in new[]
        {
            ("/api/customers", "application/json", """{"id":7,"name":"Zoé","e-mail":"a@b","rating":5,"since":"2026-03-22T10:00:00+05:00","tags":["x"]}"""),
            ("/api/customers", "application/json", """{"id":7,"name":null,"rating":500}"""),
            ("/api/customers", "application/json", """{"name":"a","rating":"x"}"""),
            ("/api/customers", "application/xml", """<Customer xmlns="http://schemas.datacontract.org/2004/07/Orders"><Email>e</Email><Id>4</Id><Name>n</Name></Customer>"""),
            ("/api/customers", "application/xml", "<Customer><Name>n</Name><Id>4</Id><Tags><string>t</string></Tags></Customer>"),
            ("/api/customers", "application/xml", "<Customer><Na"),
            ("/api/customers", "application/x-www-form-urlencoded", "Name=a&Rating=5&Tags=a&Tags=b"),
            ("/api/rpc/reports/import", "application/json", """[{"id":1,"delivery":{"address":"x"}},null]"""),
            ("/api/rpc/reports/import", "application/json", "null"),
            ("/api/rpc/reports/import", "application/xml", $"<ArrayOfOrder xmlns=\"{Orders}\"><Order><Id>5</Id></Order></ArrayOfOrder>"),
        }
        from accept in Accepts
        select accept(RawRequest.Post(body.Item1).Typed(body.Item2, body.Item3));

    private static IEnumerable<RawRequest> Results =>
        (from id in Enumerable.Range(1, 8)
            from address in new[] { "/api/customers/", "/api/orders/" }
            from accept in Accepts
            select accept(new RawRequest("DELETE", address + id)))
        .Concat(
            from query in new[] { "", "?name=Bob", "?name=", "?name=longlonglong", "?name=a&name=b", "?Name=z" }
            from id in new[] { 5, 15 }
            from accept in Accepts
            select accept(new RawRequest("PUT", $"/api/customers/{id}{query}") { Body = [] }));

    [OneTimeSetUp]
    public void Start() => (before, after) = WireServer.StartPorted();

    [OneTimeTearDown]
    public void Stop()
    {
        before.Dispose();
        after.Dispose();
    }

    [Test]
    public Task Get_EveryAddress_AnswersAsBefore([Values] bool isFirst) => CompareAsync(Reading, isFirst, 100);

    [Test]
    public Task AnyVerb_EveryAddress_AnswersAsBefore([Values] bool isFirst) => CompareAsync(Verbs, isFirst, 100);

    [Test]
    public Task Orders_EveryBody_AnswersAsBefore([Values] bool isFirst) => CompareAsync(OrderBodies, isFirst, 250);

    [Test]
    public Task Posts_OtherBodies_AnswerAsBefore([Values] bool isFirst) => CompareAsync(OtherBodies, isFirst, 30);

    [Test]
    public Task Results_OfEveryKind_AnswerAsBefore([Values] bool isFirst) => CompareAsync(Results, isFirst, 80);

    /// <summary>docs/decisions/0003.</summary>
    [Test]
    public async Task Get_AddressOfSeveralActions_FailsOnBothSides()
    {
        var request = RawRequest.Get("/api/reports");

        var (legacy, ours) = (await before.SendAsync(request, true), await after.SendAsync(request, true));

        Assert.That((legacy.Status, ours.Status), Is.EqualTo((500, 500)));
        Assert.That((legacy.Text, ours.Text), Is.EqualTo(("{\n  \"message\": \"An error has occurred.\"\n}", "")));
    }

    private async Task CompareAsync(IEnumerable<RawRequest> requests, bool isFirst, int atLeast)
    {
        var failures = new List<WireFailure>();
        var count = 0;
        foreach (var request in requests)
        {
            var (legacy, ours) = (await before.SendAsync(request, isFirst), await after.SendAsync(request, isFirst));
            var differences = WireDifference.Between(legacy, ours).Concat(
                from name in new[] { "Location", "ETag", "X-Stamp" }
                where legacy.Header(name) != ours.Header(name)
                select $"{name}: legacy {legacy.Header(name)}, ours {ours.Header(name)}").ToList();
            if (differences.Count > 0)
                failures.Add(new WireFailure(request, isFirst, after.Name, legacy, ours, differences));
            count++;
        }
        Assert.That(count, Is.GreaterThanOrEqualTo(atLeast));
        if (failures.Count > 0)
            Assert.Fail($"{failures.Count} of {count} exchanges\n{failures[0]}");
    }
}
