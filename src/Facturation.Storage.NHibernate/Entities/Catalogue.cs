namespace Facturation.Storage.NHibernate;

// Members are virtual, for NHibernate's proxies: a reference is loaded when it is first read.

internal class Client
{
    public virtual int Id { get; protected set; }
    public virtual required string Code { get; set; }
    public virtual bool HoldsSuspects { get; set; }
}

internal class Identifiant
{
    public virtual int Id { get; protected set; }
    public virtual required Client Client { get; set; }
    public virtual required string Nom { get; set; }
}

internal class Produit
{
    public virtual int Id { get; protected set; }
    public virtual required Client Client { get; set; }
    public virtual int Numero { get; set; }
    public virtual string? Nom { get; set; }
}

internal class Compteur
{
    public virtual int Id { get; protected set; }
    public virtual required Produit Produit { get; set; }
    public virtual int Sequence { get; set; }
    public virtual string? Libelle { get; set; }
    public virtual long Cumul { get; set; }
}

internal class Dossier
{
    public virtual long Id { get; protected set; }
    public virtual required Identifiant Identifiant { get; set; }
    public virtual required string Reference { get; set; }
    public virtual DateTime Date { get; set; }
}
