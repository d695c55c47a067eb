namespace Facturation.Tests;

/// <summary>A fixture on NHibernate. It runs in a build with -p:NHibernate=true, and its tests are reported as skipped in others.</summary>
internal sealed class NHibernateAttribute : TestFixtureAttribute
{
    /// <param name="arguments">The arguments of the fixture.</param>
    public NHibernateAttribute(params object[] arguments)
        : base(arguments)
    {
#if !NHIBERNATE
        Ignore = "Built without -p:NHibernate=true.";
#endif
    }
}
