using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Facturation.Storage.Migrations
{
    /// <inheritdoc />
    public partial class SerialPerDossier : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Meters_CompteurId_Serial",
                table: "Meters");

            migrationBuilder.CreateIndex(
                name: "IX_Meters_DossierId_CompteurId_Serial",
                table: "Meters",
                columns: new[] { "DossierId", "CompteurId", "Serial" },
                unique: true,
                filter: "\"RemovedAt\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Meters_DossierId_CompteurId_Serial",
                table: "Meters");

            migrationBuilder.CreateIndex(
                name: "IX_Meters_CompteurId_Serial",
                table: "Meters",
                columns: new[] { "CompteurId", "Serial" },
                unique: true,
                filter: "\"RemovedAt\" IS NULL");
        }
    }
}
