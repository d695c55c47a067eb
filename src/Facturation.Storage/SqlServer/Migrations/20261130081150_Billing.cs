using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Facturation.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class Billing : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ChangedAt",
                table: "Totaux",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "Turns",
                table: "Readings",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "MultiplierMicros",
                table: "Meters",
                type: "bigint",
                nullable: false,
                defaultValue: 1000000L);

            migrationBuilder.AddColumn<long>(
                name: "RolloverAt",
                table: "Meters",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            // Meters so far start again after all their digits, and their turns are told by the indexes that fall.
            // EXEC, because a script is compiled before it adds the columns.
            migrationBuilder.Sql("EXEC(N'UPDATE Meters SET RolloverAt = CAST(''1'' + REPLICATE(''0'', Digits) AS bigint)');");
            migrationBuilder.Sql("""
                EXEC(N'WITH falls AS (
                  SELECT Id, MeterId, ReadAt,
                    CASE WHEN IndexMilli < LAG(IndexMilli) OVER (PARTITION BY MeterId ORDER BY ReadAt) THEN 1 ELSE 0 END AS Fell
                  FROM Readings WHERE VoidedAs = 0),
                turns AS (SELECT Id, SUM(Fell) OVER (PARTITION BY MeterId ORDER BY ReadAt) AS Turns FROM falls)
                UPDATE Readings SET Turns = (SELECT t.Turns FROM turns t WHERE t.Id = Readings.Id)
                WHERE Id IN (SELECT Id FROM turns WHERE Turns > 0)');
                """);

            migrationBuilder.CreateTable(
                name: "BilledDays",
                columns: table => new
                {
                    MeterId = table.Column<int>(type: "int", nullable: false),
                    Jour = table.Column<DateOnly>(type: "date", nullable: false),
                    Units = table.Column<long>(type: "bigint", nullable: false),
                    UnitPriceMicros = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BilledDays", x => new { x.MeterId, x.Jour });
                    table.ForeignKey(
                        name: "FK_BilledDays_Meters_MeterId",
                        column: x => x.MeterId,
                        principalTable: "Meters",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Bills",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    Uid = table.Column<byte[]>(type: "binary(16)", nullable: false),
                    MeterId = table.Column<int>(type: "int", nullable: false),
                    StartReadingId = table.Column<long>(type: "bigint", nullable: false),
                    EndReadingId = table.Column<long>(type: "bigint", nullable: false),
                    FolioUid = table.Column<byte[]>(type: "binary(16)", nullable: false),
                    FolioKind = table.Column<string>(type: "nvarchar(8)", maxLength: 8, nullable: false, collation: "Latin1_General_BIN2"),
                    BusinessDate = table.Column<DateOnly>(type: "date", nullable: false),
                    Currency = table.Column<string>(type: "nvarchar(3)", maxLength: 3, nullable: false, collation: "Latin1_General_BIN2"),
                    AmountCents = table.Column<long>(type: "bigint", nullable: false),
                    BilledAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Bills", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Bills_Meters_MeterId",
                        column: x => x.MeterId,
                        principalTable: "Meters",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Bills_Readings_EndReadingId",
                        column: x => x.EndReadingId,
                        principalTable: "Readings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Bills_Readings_StartReadingId",
                        column: x => x.StartReadingId,
                        principalTable: "Readings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Prices",
                columns: table => new
                {
                    CompteurId = table.Column<int>(type: "int", nullable: false),
                    ValidFrom = table.Column<DateOnly>(type: "date", nullable: false),
                    UnitPriceMicros = table.Column<long>(type: "bigint", nullable: false),
                    Currency = table.Column<string>(type: "nvarchar(3)", maxLength: 3, nullable: false, collation: "Latin1_General_BIN2")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Prices", x => new { x.CompteurId, x.ValidFrom });
                    table.ForeignKey(
                        name: "FK_Prices_Compteurs_CompteurId",
                        column: x => x.CompteurId,
                        principalTable: "Compteurs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "RemovedTotals",
                columns: table => new
                {
                    CompteurId = table.Column<int>(type: "int", nullable: false),
                    IdentifiantId = table.Column<int>(type: "int", nullable: false),
                    Jour = table.Column<DateOnly>(type: "date", nullable: false),
                    ChangedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RemovedTotals", x => new { x.CompteurId, x.IdentifiantId, x.Jour });
                });

            migrationBuilder.CreateTable(
                name: "BillLines",
                columns: table => new
                {
                    BillId = table.Column<long>(type: "bigint", nullable: false),
                    Number = table.Column<int>(type: "int", nullable: false),
                    MeterId = table.Column<int>(type: "int", nullable: false),
                    IsCorrection = table.Column<bool>(type: "bit", nullable: false),
                    FirstDay = table.Column<DateOnly>(type: "date", nullable: false),
                    LastDay = table.Column<DateOnly>(type: "date", nullable: false),
                    Units = table.Column<long>(type: "bigint", nullable: false),
                    UnitPriceMicros = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BillLines", x => new { x.BillId, x.Number });
                    table.ForeignKey(
                        name: "FK_BillLines_Bills_BillId",
                        column: x => x.BillId,
                        principalTable: "Bills",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_BillLines_Meters_MeterId",
                        column: x => x.MeterId,
                        principalTable: "Meters",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Bills_EndReadingId",
                table: "Bills",
                column: "EndReadingId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Bills_FolioUid_Id",
                table: "Bills",
                columns: new[] { "FolioUid", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Bills_MeterId_Id",
                table: "Bills",
                columns: new[] { "MeterId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Bills_Uid",
                table: "Bills",
                column: "Uid",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "BilledDays");

            migrationBuilder.DropTable(
                name: "BillLines");

            migrationBuilder.DropTable(
                name: "Prices");

            migrationBuilder.DropTable(
                name: "RemovedTotals");

            migrationBuilder.DropTable(
                name: "Bills");

            migrationBuilder.DropColumn(
                name: "ChangedAt",
                table: "Totaux");

            migrationBuilder.DropColumn(
                name: "Turns",
                table: "Readings");

            migrationBuilder.DropColumn(
                name: "MultiplierMicros",
                table: "Meters");

            migrationBuilder.DropColumn(
                name: "RolloverAt",
                table: "Meters");
        }
    }
}
