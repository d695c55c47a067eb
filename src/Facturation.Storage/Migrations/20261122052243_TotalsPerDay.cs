using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Facturation.Storage.Migrations
{
    /// <inheritdoc />
    public partial class TotalsPerDay : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // By hand: left to EF Core, SQLite's tables would be rebuilt outside the transaction, and each line's Source kept as its
            // ProduitId. Everything here is done or nothing.
            migrationBuilder.RenameTable(name: "Consommations", newName: "OldConsommations");

            migrationBuilder.CreateTable(
                name: "Consommations",
                columns: table => new
                {
                    ProduitId = table.Column<int>(type: "INTEGER", nullable: false),
                    IdentifiantId = table.Column<int>(type: "INTEGER", nullable: false),
                    Jour = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    DossierId = table.Column<long>(type: "INTEGER", nullable: false),
                    CompteurId = table.Column<int>(type: "INTEGER", nullable: false),
                    Quantite = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Consommations", x => new { x.ProduitId, x.IdentifiantId, x.Jour, x.DossierId, x.CompteurId });
                    table.ForeignKey(
                        name: "FK_Consommations_Compteurs_CompteurId",
                        column: x => x.CompteurId,
                        principalTable: "Compteurs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Consommations_Dossiers_DossierId",
                        column: x => x.DossierId,
                        principalTable: "Dossiers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Consommations_Identifiants_IdentifiantId",
                        column: x => x.IdentifiantId,
                        principalTable: "Identifiants",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "MeterDays",
                columns: table => new
                {
                    MeterId = table.Column<int>(type: "INTEGER", nullable: false),
                    Jour = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Units = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MeterDays", x => new { x.MeterId, x.Jour });
                    table.ForeignKey(
                        name: "FK_MeterDays_Meters_MeterId",
                        column: x => x.MeterId,
                        principalTable: "Meters",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Totaux",
                columns: table => new
                {
                    CompteurId = table.Column<int>(type: "INTEGER", nullable: false),
                    IdentifiantId = table.Column<int>(type: "INTEGER", nullable: false),
                    Jour = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    ProduitId = table.Column<int>(type: "INTEGER", nullable: false),
                    Plus = table.Column<long>(type: "INTEGER", nullable: false),
                    Moins = table.Column<long>(type: "INTEGER", nullable: false),
                    Lignes = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Totaux", x => new { x.CompteurId, x.IdentifiantId, x.Jour });
                });

            // A column that is added cannot be NOT NULL and refer to a table; none is null after the next line.
            migrationBuilder.Sql("ALTER TABLE \"Meters\" ADD COLUMN \"IdentifiantId\" INTEGER NULL REFERENCES \"Identifiants\" (\"Id\") ON DELETE RESTRICT;");
            migrationBuilder.Sql(
                "UPDATE \"Meters\" SET \"IdentifiantId\" = (SELECT d.\"IdentifiantId\" FROM \"Dossiers\" d WHERE d.\"Id\" = \"Meters\".\"DossierId\");");

            migrationBuilder.CreateIndex(
                name: "IX_Meters_CompteurId_IdentifiantId",
                table: "Meters",
                columns: new[] { "CompteurId", "IdentifiantId" });

            migrationBuilder.CreateIndex(
                name: "IX_Totaux_ProduitId_Jour_IdentifiantId",
                table: "Totaux",
                columns: new[] { "ProduitId", "Jour", "IdentifiantId" });

            migrationBuilder.Sql("""
                INSERT INTO "Consommations" ("ProduitId", "IdentifiantId", "Jour", "DossierId", "CompteurId", "Quantite")
                SELECT k."ProduitId", o."IdentifiantId", o."Jour", o."DossierId", o."CompteurId", o."Quantite"
                FROM "OldConsommations" o JOIN "Compteurs" k ON k."Id" = o."CompteurId" WHERE o."Source" = 0 ORDER BY 1, 2, 3, 4, 5;
                """);
            migrationBuilder.Sql("""
                INSERT INTO "MeterDays" ("MeterId", "Jour", "Units")
                SELECT "Source", "Jour", "Quantite" FROM "OldConsommations" WHERE "Source" <> 0;
                """);
            migrationBuilder.Sql("""
                INSERT INTO "Totaux" ("CompteurId", "IdentifiantId", "Jour", "ProduitId", "Plus", "Moins", "Lignes")
                SELECT o."CompteurId", o."IdentifiantId", o."Jour", k."ProduitId",
                  SUM(MAX(o."Quantite", 0)), SUM(MIN(o."Quantite", 0)), COUNT(*)
                FROM "OldConsommations" o JOIN "Compteurs" k ON k."Id" = o."CompteurId"
                GROUP BY o."CompteurId", o."IdentifiantId", o."Jour";
                """);
            migrationBuilder.DropTable(name: "OldConsommations");
        }

        /// <inheritdoc />
        /// <remarks>There is no way back but a backup: what readings counted on a day of an import would have to be told apart again.</remarks>
        protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException();
    }
}
