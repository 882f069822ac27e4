import chronology.fields
import publishing.fields
import publishing.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='Permanent identifier. It is never changed and never used again.', max_length=100, unique=True, validators=[publishing.models.validate_code], verbose_name='code')),
                ('title', publishing.fields.LineField(max_length=300, verbose_name='title')),
                ('title_az', publishing.fields.LineField(max_length=300, null=True, verbose_name='title')),
                ('title_en', publishing.fields.LineField(max_length=300, null=True, verbose_name='title')),
                ('kind', models.CharField(choices=[('decree', 'Decree'), ('law', 'Law'), ('order', 'Order'), ('decision', 'Decision'), ('article', 'Article'), ('book', 'Book'), ('page', 'Web page')], max_length=20, verbose_name='kind')),
                ('number', publishing.fields.LineField(blank=True, max_length=60, verbose_name='number')),
                ('publisher', publishing.fields.LineField(blank=True, max_length=200, verbose_name='publisher')),
                ('publisher_az', publishing.fields.LineField(blank=True, max_length=200, null=True, verbose_name='publisher')),
                ('publisher_en', publishing.fields.LineField(blank=True, max_length=200, null=True, verbose_name='publisher')),
                ('date', chronology.fields.HistoricalDateField(blank=True, columns=False, verbose_name='date')),
                ('url', publishing.fields.WebAddressField(blank=True, verbose_name='web address')),
                ('accessed', models.DateField(blank=True, null=True, verbose_name='read on')),
                ('note', publishing.fields.LinesField(blank=True, verbose_name='note')),
                ('note_az', publishing.fields.LinesField(blank=True, null=True, verbose_name='note')),
                ('note_en', publishing.fields.LinesField(blank=True, null=True, verbose_name='note')),
                ('search_text', publishing.fields.SearchTextField(sources=('title', 'number', 'code'))),
                ('date_earliest', chronology.fields.BoundColumn(bound='earliest', db_index=True, null=True, source='date')),
                ('date_latest', chronology.fields.BoundColumn(bound='latest', db_index=True, null=True, source='date')),
                ('date_certain', chronology.fields.BoundColumn(bound='certain', null=True, source='date')),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ['code'],
            },
        ),
    ]
