using Facturation.Core;

namespace Facturation.Storage.NHibernate;

internal class Cle
{
    public virtual int Id { get; protected set; }
    public virtual required string Prefix { get; set; }
    public virtual required byte[] Hash { get; set; }
    public virtual required Client Client { get; set; }
    public virtual Identifiant? Identifiant { get; set; }
    public virtual required string Scopes { get; set; }
    public virtual DateTimeOffset CreatedAt { get; set; }
    public virtual DateTimeOffset? ExpiresAt { get; set; }
    public virtual DateTimeOffset? RevokedAt { get; set; }

    public virtual ApiKey ToApiKey() => new(
        Prefix, Hash, Client.Code, Identifiant?.Nom, Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries), CreatedAt, ExpiresAt, RevokedAt);
}

internal class AuditRow
{
    public virtual long Id { get; protected set; }
    public virtual DateTimeOffset At { get; set; }
    public virtual required Client Client { get; set; }
    public virtual required string KeyPrefix { get; set; }
    public virtual required string TraceId { get; set; }
    public virtual required string Action { get; set; }
    public virtual Guid? RecordedBy { get; set; }
    public virtual Guid MeterUid { get; set; }
    public virtual Guid? ReadingUid { get; set; }
    public virtual string? Detail { get; set; }
}

internal sealed record AnswerId
{
    public int ClientId { get; init; }
    public string Key { get; init; } = "";
}

internal class KeptAnswerRow
{
    public virtual required AnswerId Id { get; set; }
    public virtual required byte[] Hash { get; set; }
    public virtual int Status { get; set; }
    public virtual string? Location { get; set; }
    public virtual required byte[] Body { get; set; }
    public virtual DateTimeOffset At { get; set; }

    public virtual KeptAnswer ToAnswer() => new(Hash, Status, Location, Body, At);
}
