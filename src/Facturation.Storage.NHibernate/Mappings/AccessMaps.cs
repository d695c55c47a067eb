using FluentNHibernate.Mapping;

namespace Facturation.Storage.NHibernate;

internal sealed class CleMap : ClassMap<Cle>
{
    public CleMap()
    {
        Table("Cles");
        DynamicUpdate();
        Id(c => c.Id).GeneratedBy.Identity();
        Map(c => c.Prefix).CustomType<Key>();
        Map(c => c.Hash).Length(32);
        References(c => c.Client, "ClientId");
        References(c => c.Identifiant, "IdentifiantId");
        Map(c => c.Scopes);
        Map(c => c.CreatedAt).CustomType<Instant>();
        Map(c => c.ExpiresAt).CustomType<Instant>();
        Map(c => c.RevokedAt).CustomType<Instant>();
    }
}

internal sealed class AuditMap : ClassMap<AuditRow>
{
    public AuditMap()
    {
        Table("Audit");
        Id(a => a.Id).GeneratedBy.Identity();
        Map(a => a.At).CustomType<Instant>();
        References(a => a.Client, "ClientId");
        Map(a => a.KeyPrefix);
        Map(a => a.TraceId);
        Map(a => a.Action);
        Map(a => a.RecordedBy).CustomType<Uuid>();
        Map(a => a.MeterUid).CustomType<Uuid>();
        Map(a => a.ReadingUid).CustomType<Uuid>();
        Map(a => a.Detail);
    }
}

internal sealed class KeptAnswerMap : ClassMap<KeptAnswerRow>
{
    public KeptAnswerMap()
    {
        Table("KeptAnswers");
        CompositeId(a => a.Id).KeyProperty(i => i.ClientId).KeyProperty(i => i.Key, key => key.ColumnName("`Key`").Type(typeof(Key)));
        Map(a => a.Hash).Length(32);
        Map(a => a.Status);
        Map(a => a.Location);
        Map(a => a.Body).CustomType("BinaryBlob").Length(int.MaxValue);
        Map(a => a.At).CustomType<Instant>();
    }
}
